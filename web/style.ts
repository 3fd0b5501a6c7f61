// The only style sheet. Every page contains it, so that a page needs no other file.
export const style = `
:root{color-scheme:light dark;--bg:#faf9f6;--card:#fff;--ink:#1c2126;--soft:#565e6a;--line:#dedad1;--acc:#0a566b;--accbg:#e3eff2;--code:#f3f1ec;
--ok:#1d6337;--okbg:#e2f1e6;--warn:#7d4a00;--warnbg:#f9edd6;--bad:#a11d23;--badbg:#fbe6e5;--key:#0a566b;--fun:#6a3b93;--str:#2a642d;--num:#93400a;--com:#636871}
@media(prefers-color-scheme:dark){:root{--bg:#13161a;--card:#191d22;--ink:#e2e5e9;--soft:#a1abb8;--line:#2d333c;--acc:#7cc7da;--accbg:#17313a;--code:#1c2127;
--ok:#86d3a0;--okbg:#173022;--warn:#e6b866;--warnbg:#352a15;--bad:#ff9d98;--badbg:#3b1d1f;--key:#7cc7da;--fun:#c9a6ea;--str:#93cf97;--num:#eeae7e;--com:#98a1ad}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
a{color:var(--acc);text-underline-offset:.15em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--acc);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem;background:var(--card);padding:.5rem 1rem;z-index:9}
.skip:focus{left:.5rem;top:.5rem}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header.top{border-bottom:1px solid var(--line);background:var(--card)}
header.top>div,.page,footer.end>div{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header.top>div{display:flex;align-items:center;gap:.4rem 1.5rem;flex-wrap:wrap;min-height:3.25rem;padding-top:.4rem;padding-bottom:.4rem}
.brand{font-weight:650;letter-spacing:-.01em;color:var(--ink);text-decoration:none}
.brand span{color:var(--soft);font-weight:400}
header.top nav{display:flex;gap:1.1rem;margin-right:auto}
header.top nav a,footer a{color:var(--soft)}
header.top nav a{text-decoration:none}
header.top nav a:hover{color:var(--acc);text-decoration:underline}
input[type=search]{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:6px;padding:.3rem .65rem;width:15rem;max-width:100%}
.js-only{display:none}.js .js-only{display:block}
.page{padding-top:1.6rem;padding-bottom:3rem}
.cols{display:grid;grid-template-columns:minmax(0,1fr) 12.5rem;gap:2.5rem}
.cols>div{grid-column:1;grid-row:1;min-width:0}.cols>div>section:first-child>h2{border:0;padding-top:0;margin-top:2rem}
.toc{grid-column:2;grid-row:1;font-size:.86rem;line-height:1.4}
.toc div{position:sticky;top:1rem;margin-top:2rem;max-height:calc(100vh - 2rem);overflow:auto;border-left:1px solid var(--line);padding-left:1rem}
.toc h2{font-size:.74rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:0 0 .5rem;font-weight:600;border:0;padding:0}
.toc ul{list-style:none;margin:0;padding:0}.toc li{margin:.28rem 0}
.toc a{color:var(--soft);text-decoration:none}.toc a:hover{color:var(--acc);text-decoration:underline}
.kick{color:var(--soft);font-size:.9rem;margin:0 0 .35rem}
h1,h2,h3,h4,h5{line-height:1.25;letter-spacing:-.012em;font-weight:650;text-wrap:balance}
h1{font-size:1.85rem;margin:0 0 .5rem}
h2{font-size:1.22rem;margin:2.6rem 0 .7rem;padding-top:1.1rem;border-top:1px solid var(--line)}
h3{font-size:1.02rem;margin:1.5rem 0 .4rem}
h4{font-size:.95rem;margin:1.1rem 0 .3rem}h5,h6{font-size:.9rem;margin:.9rem 0 .3rem}
p,ul,ol,dl{margin:.55rem 0}
main p,main li{max-width:74ch}main{overflow-wrap:break-word}.kv dd{overflow-wrap:anywhere}
ul,ol{padding-left:1.3rem}li{margin:.2rem 0}
.lead{font-size:1.08rem;color:var(--ink);max-width:66ch;margin:.2rem 0 1.1rem}
.soft{color:var(--soft)}.small,small{font-size:.88rem}
.tabs{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 1.1rem;padding:0;list-style:none}
.tabs li{margin:0}
.tabs a{display:block;padding:.26rem .8rem;border:1px solid var(--line);border-radius:99px;text-decoration:none;color:var(--ink);background:var(--card);font-size:.9rem}
.tabs a:hover{border-color:var(--acc)}
.tabs a[aria-current]{background:var(--acc);border-color:var(--acc);color:var(--bg);font-weight:600}
.facts{display:flex;flex-wrap:wrap;gap:1px;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden;margin:0}
.facts div{flex:1 1 8.6rem;box-shadow:0 0 0 1px var(--line);padding:.6rem .85rem}
.facts dt{font-size:.76rem;color:var(--soft);margin:0}.facts dd{margin:.1rem 0 0;font-weight:600;font-size:1.02rem}
.facts dd small{display:block;font-weight:400;color:var(--soft);font-size:.8rem}
.kv{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.4rem;margin:.6rem 0}
.kv dt{color:var(--soft)}.kv dd{margin:0}
.pill{display:inline-block;padding:.02rem .5rem;border-radius:99px;font-size:.82rem;font-weight:600;background:var(--code);color:var(--ink);white-space:nowrap}
.ok{background:var(--okbg);color:var(--ok)}.warn{background:var(--warnbg);color:var(--warn)}.no{background:var(--badbg);color:var(--bad)}.acc{background:var(--accbg);color:var(--acc)}
code,pre,kbd{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
:not(pre)>code{font-size:.88em;background:var(--code);padding:.08em .32em;border-radius:4px;overflow-wrap:anywhere}
.code{margin:.8rem 0;border:1px solid var(--line);border-radius:8px;overflow:hidden;background:var(--code)}
.code figcaption{display:flex;gap:.5rem;align-items:center;padding:.3rem .5rem .3rem .85rem;border-bottom:1px solid var(--line);background:var(--card);font-size:.85rem;color:var(--soft)}
.code .cap{flex:1;min-width:0;overflow-wrap:anywhere}
.act{font:inherit;font-size:.82rem;color:var(--acc);background:none;border:1px solid var(--line);border-radius:5px;padding:.1rem .55rem;cursor:pointer;text-decoration:none}
.act:hover{border-color:var(--acc)}
pre{margin:0;padding:.75rem .85rem;overflow:auto;font-size:.82rem;line-height:1.55;tab-size:2;white-space:pre-wrap;overflow-wrap:anywhere}.capped pre{max-height:30rem}
pre code{direction:ltr;unicode-bidi:isolate}
.com{color:var(--com);font-style:italic}.key{color:var(--key);font-weight:600}.fun{color:var(--fun)}.str{color:var(--str)}.num,.rex{color:var(--num)}.par{color:var(--fun);font-weight:600}
.code .bad{color:var(--bad);text-decoration:underline wavy}
.mark{unicode-bidi:isolate;background:var(--badbg);outline:1px solid var(--bad)}.mark::before{content:attr(data-code);color:var(--bad);font-size:.75em}
.wide{overflow-x:auto;margin:.7rem 0}
table{border-collapse:collapse;font-size:.9rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.36rem .75rem .36rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.8rem}
tbody th{font-weight:500}
td p{margin:0}
.rows{font-size:.8rem}.rows th,.rows td{white-space:nowrap;padding-right:1.1rem}.rows td.long{white-space:normal;overflow-wrap:anywhere;min-width:18rem}
.rows td{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.nil{color:var(--soft);font-style:italic}
.promise{color:var(--soft);font-size:.88rem;margin:.4rem 0 .9rem}
.tests td:last-child,.tests th:last-child{text-align:right;padding-right:0}
.items{list-style:none;padding:0}.items>li{padding:.55rem 0;border-bottom:1px solid var(--line);max-width:none;margin:0}
.items>li>p{margin:.15rem 0}
.chips{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.35rem}.chips li{margin:0;background:var(--code);border-radius:5px;padding:.08rem .5rem;font-size:.88rem}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--acc)}
.fold{margin:0;border-bottom:1px solid var(--line);padding:.5rem 0}.fold>summary h3{display:inline;margin:0 .4rem 0 0;color:var(--ink)}.fold table{margin-bottom:.4rem}
.note{border-left:3px solid var(--acc);padding:.1rem 0 .1rem 1rem;margin:.9rem 0}.draft{border-color:var(--warn)}
.matrix{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.6rem;margin:1rem 0;align-items:start}
.tactic{border:1px solid var(--line);border-radius:8px;background:var(--card);overflow:hidden}
.tactic h3{margin:0;padding:.5rem .8rem .05rem;font-size:.92rem}
.tactic>p{margin:0;padding:0 .8rem .5rem;font-size:.8rem;color:var(--soft)}.tactic.none{background:none;border-style:dashed}.tactic.none h3{font-weight:500;color:var(--soft)}
.tactic ul{list-style:none;margin:0;padding:.3rem .8rem .6rem;font-size:.92rem}.tactic>ul{border-top:1px solid var(--line)}.tactic ul ul{font-size:1em}
.tactic li{margin:.35rem 0}.tactic .pill{white-space:normal;border-radius:9px}.tactic li ul{padding:.1rem 0 .1rem .8rem;border-left:2px solid var(--line)}
.dets{list-style:none;padding:0}.dets>li{padding:.8rem 0;border-bottom:1px solid var(--line);max-width:none}
.dets h3{margin:0 0 .1rem}.dets p{margin:.15rem 0}
.dets .on{border-collapse:collapse;width:auto;font-size:.88rem;margin-top:.35rem}.dets .on th,.dets .on td{border:0;white-space:nowrap;padding:.12rem 1.4rem .12rem 0;font-weight:400}
@media(min-width:60rem){.dets>li{display:grid;grid-template-columns:minmax(0,1fr) max-content;gap:2.5rem}}
.det h3{margin:1.1rem 0 .1rem}.det p{margin:.15rem 0}.det th,.det td:not(:last-child){white-space:nowrap}
.hits{list-style:none;padding:0;margin-bottom:1.6rem}.hits li{padding:.4rem 0;border-bottom:1px solid var(--line)}
footer.end{border-top:1px solid var(--line);color:var(--soft);font-size:.84rem}
footer.end>div{padding-top:1.1rem;padding-bottom:2rem}footer p{margin:.25rem 0;max-width:90ch}
@media(max-width:60rem){.cols{grid-template-columns:minmax(0,1fr);gap:0}.cols>div,.toc{grid-column:1;grid-row:auto}.toc div{position:static;max-height:none;border:1px solid var(--line);border-radius:8px;padding:.6rem .9rem;margin:1.2rem 0 0;background:var(--card)}
.toc ul{columns:2;column-gap:1.4rem}.toc li{margin:0;padding:.2rem 0;break-inside:avoid}h1{font-size:1.5rem}.matrix{grid-template-columns:1fr 1fr}.tactic:not(.none){grid-column:1/-1}.kv{grid-template-columns:minmax(0,1fr);gap:0}.kv dd{margin-bottom:.5rem}
.dets .on tr{display:block;margin:.25rem 0}.dets .on th,.dets .on td{display:inline-block;padding:0 .8rem 0 0;white-space:normal}header.top form{width:100%}input[type=search]{width:100%}.tests thead{display:none}.tests tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}.tests th,.tests td{display:block;border:0;padding:.1rem 0}.tests td{display:inline-block;margin-right:.8rem}.tests td:last-child{text-align:left}.det thead{display:none}.det tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}.det th,.det td{display:block;border:0;padding:.1rem 0}.det td::before{content:attr(data-l) ": ";color:var(--soft)}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--acc:#053c4c;--code:#fff;--ok:#114d26;--okbg:#fff;--warn:#5c3600;--warnbg:#fff;--bad:#8a1217;--badbg:#fff;--key:#053c4c;--fun:#4d2470;--str:#1d4c20;--num:#6d2e05;--com:#444;--accbg:#fff}
body{font-size:10pt}header.top,.toc,.act,.skip,.tabs,.js .js-only{display:none}.page{padding:0;max-width:none}.cols{display:block}
pre,.capped pre{overflow:visible;max-height:none;font-size:8pt}.wide{overflow:visible}.rows th,.rows td{white-space:normal;overflow-wrap:anywhere}
h2,h3,h4{break-after:avoid}tr,figcaption,.items>li{break-inside:avoid}a{color:inherit}details::details-content{content-visibility:visible;display:block;height:auto}
.pill{border:1px solid #999}main a[href^="http"]:not(.url)::after{content:" <" attr(href) ">";font-size:.85em;overflow-wrap:anywhere}}
`.replaceAll(/\n/g, '')
