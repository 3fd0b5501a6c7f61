// The only script. It adds the copy buttons and the search; pages are complete without it.
export const client = `(function(){
"use strict";
var root=document.documentElement;root.classList.add("js");
var said=document.getElementById("said");
function say(t){if(said){said.textContent="";setTimeout(function(){said.textContent=t},30)}}
function copyOld(t){var a=document.createElement("textarea");a.value=t;a.setAttribute("readonly","");a.className="vh";document.body.appendChild(a);a.select();var ok=false;try{ok=document.execCommand("copy")}catch(e){}a.remove();return ok}
document.querySelectorAll("button.copy").forEach(function(b){
  b.hidden=false;var label=b.textContent,timer;
  b.addEventListener("click",function(){
    var text=b.closest("figure").querySelector("pre code").textContent+"\\n";
    function done(ok){b.textContent=ok?"Copied":"Not copied";say(ok?"Copied to the clipboard":"The browser did not let the text be copied");clearTimeout(timer);timer=setTimeout(function(){b.textContent=label},1600)}
    if(navigator.clipboard&&window.isSecureContext)navigator.clipboard.writeText(text).then(function(){done(true)},function(){done(copyOld(text));b.focus()});
    else{done(copyOld(text));b.focus()}
  })
});
var box=document.querySelector("input[type=search]");
document.addEventListener("keydown",function(e){
  var t=e.target;if(e.key!=="/"||e.ctrlKey||e.metaKey||e.altKey||!box||/^(?:INPUT|TEXTAREA|SELECT)$/.test(t.tagName))return;
  e.preventDefault();box.focus();box.select()
});
var data=document.getElementById("index");
if(!data||!box)return;
var index=JSON.parse(data.textContent).map(function(d){return{d:d,id:d.k.join(" ").toLowerCase(),title:(d.t+" "+d.p).toLowerCase(),text:d.x.toLowerCase()}});
var section=document.getElementById("found"),list=document.getElementById("hits"),count=document.getElementById("count");
function search(){
  var words=box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  section.hidden=words.length===0;list.textContent="";
  if(!words.length)return;
  var hits=[];
  index.forEach(function(e,i){
    var score=0;
    for(var n=0;n<words.length;n++){var w=words[n],s=(e.id.indexOf(w)>=0?8:0)+(e.title.indexOf(w)>=0?4:0)+(e.text.indexOf(w)>=0?1:0);if(!s)return;score+=s}
    hits.push([score,i])
  });
  hits.sort(function(a,b){return b[0]-a[0]||a[1]-b[1]});
  count.textContent=hits.length===0?"Nothing found":hits.length===1?"1 page found":hits.length+" pages found";
  hits.slice(0,50).forEach(function(h){
    var d=index[h[1]].d,li=document.createElement("li"),a=document.createElement("a"),s=document.createElement("span");
    a.href=d.u;a.textContent=d.t;s.className="soft";s.textContent=" "+d.p+" · "+d.k.join(", ");li.append(a,s);list.append(li)
  })
}
box.addEventListener("input",search);
box.form.addEventListener("submit",function(e){e.preventDefault();search();var a=list.querySelector("a");if(a)a.focus()});
var q=new URLSearchParams(location.search).get("q");if(q){box.value=q;search()}
})();`
