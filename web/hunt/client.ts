// The script of the page of a hunt: unpacks the findings, filters them, and shows the event behind each. All texts become text nodes.
export const client = `(function(){
"use strict";
document.documentElement.classList.add("js");
var by=function(id){return document.getElementById(id)},packed=JSON.parse(by("packed").textContent);
var LEVELS=["critical","high","medium","low","informational"],PAGE=100;
function unpack(text){
  var bytes=Uint8Array.from(atob(text),function(c){return c.charCodeAt(0)});
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json()
}
function el(name,text,cls){var e=document.createElement(name);if(text!==undefined)e.textContent=text;if(cls)e.className=cls;return e}
var blocks={};
function block(n){return blocks[n]||(blocks[n]=unpack(packed.events[n]))}
if(typeof DecompressionStream==="undefined"){by("count").textContent="This browser is too old to unpack the findings.";return}
unpack(packed.findings).then(function(data){
  var rows=data.rows,rules=data.rules,names=data.names;
  var list=by("list"),count=by("count"),more=by("more"),form=by("filter"),hits=[],shown=0;
  var texts=rows.map(function(r){
    var rule=rules[r[0]];
    return (rule.t+" "+rule.k.join(" ")+" "+names[r[2]]+" "+names[r[3]]+" "+names[r[4]]+" "+r[6].map(function(f){return names[f[0]]+" "+f[1]}).join(" ")).toLowerCase()
  });
  function when(ms){return ms===null?"":new Date(ms).toISOString().replace("T"," ").replace(/\\.\\d+Z$/,"Z")}
  function facts(pairs){
    var dl=el("dl",undefined,"kv");
    pairs.forEach(function(p){dl.append(el("dt",p[0]),el("dd",p[1]))});
    return dl
  }
  function one(i){
    var r=rows[i],rule=rules[r[0]],li=el("li"),head=el("p"),b=el("strong",rule.t);
    head.append(el("time",when(r[1]),"soft small"),document.createTextNode(" "),el("span",rule.l,"pill "+rule.l),document.createTextNode(" "),b);
    if(rule.k.length)head.append(document.createTextNode(" "),el("span",rule.k.join(" "),"soft small"));
    li.append(head);
    var place=[names[r[2]],names[r[3]],r[5]===null?names[r[4]]:names[r[4]]+":"+r[5]].filter(Boolean).join(" · ");
    li.append(el("p",place,"soft small"));
    if(r[6].length)li.append(facts(r[6].map(function(f){return[names[f[0]],f[1]]})));
    if(r[7]!==null){
      var button=el("button","Show event","act");button.type="button";button.setAttribute("aria-expanded","false");
      var box;
      button.addEventListener("click",function(){
        if(box){box.remove();box=undefined;button.textContent="Show event";button.setAttribute("aria-expanded","false");return}
        block(r[7][0]).then(function(events){
          var e=events[r[7][1]],pairs=[];
          for(var n=0;n+1<e.length;n+=2)pairs.push([e[n],e[n+1]]);
          if(box)return;
          box=facts(pairs);box.classList.add("event");li.append(box);button.textContent="Hide event";button.setAttribute("aria-expanded","true")
        })
      });
      li.append(button)
    }
    return li
  }
  function next(){
    hits.slice(shown,shown+PAGE).forEach(function(i){list.append(one(i))});
    shown=Math.min(hits.length,shown+PAGE);
    more.hidden=shown>=hits.length;
    count.textContent=hits.length===0?"No finding fits.":shown.toLocaleString("en")+" of "+hits.length.toLocaleString("en")+" findings shown"
  }
  function filter(){
    var words=form.q.value.toLowerCase().split(/\\s+/).filter(Boolean),level=form.level.value,rule=form.rule.value,host=form.host.value;
    var least=level===""?LEVELS.length:LEVELS.indexOf(level);
    hits=[];
    rows.forEach(function(r,i){
      if(LEVELS.indexOf(rules[r[0]].l)>least||(rule!==""&&r[0]!==+rule)||(host!==""&&names[r[2]]!==host))return;
      for(var n=0;n<words.length;n++)if(texts[i].indexOf(words[n])<0)return;
      hits.push(i)
    });
    list.textContent="";shown=0;next()
  }
  form.addEventListener("input",filter);
  form.addEventListener("submit",function(e){e.preventDefault()});
  form.addEventListener("reset",function(){setTimeout(filter)});
  more.addEventListener("click",next);
  document.querySelectorAll("button[data-set]").forEach(function(b){
    b.hidden=false;
    b.addEventListener("click",function(){
      form.reset();form[b.dataset.set].value=b.dataset.value;filter();by("findings").scrollIntoView();form[b.dataset.set].focus()
    })
  });
  filter()
},function(){by("count").textContent="The findings of this page are damaged."});
})();
`
