"""The style of the interface document: screen, phone, dark and print, in one sheet."""

from __future__ import annotations

STYLE = """\
:root{color-scheme:light dark;--ground:#f6f7fa;--surface:#fff;--ink:#16202f;--muted:#566276;
--line:#dde2ea;--strong:#9aa6b8;--accent:#1f5fd0;--accent-soft:#e8f0ff;--nominal:#17774b;
--warning:#8a5a00;--warning-soft:#fff1d6;--critical:#b3261e;--critical-soft:#fde4e1;
--simulated:#6a35b5;--simulated-soft:#f0e7ff;
--shadow:0 1px 2px rgb(20 30 50/6%),0 6px 20px rgb(20 30 50/5%);
--g:#e6e9ef;--g0:#cfe1ff;--g1:#ffdcc2;--g2:#cdeed6;--g3:#eed9fb;--g4:#fff0b3;--g5:#c9eef2;
--g6:#ffd3e0;--g7:#dfe0b8;--gi:#16202f;--layer:#e3e7f3;--mono:ui-monospace,"SF Mono",
"Cascadia Mono","DejaVu Sans Mono",Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--ground:#0b111c;--surface:#131c2b;--ink:#e8edf7;
--muted:#a5b2c9;--line:#27344c;--strong:#627393;--accent:#8ab8ff;
--accent-soft:#182a48;--nominal:#6bd6a1;--warning:#f2bb52;--warning-soft:#33270f;
--critical:#ff8a7e;--critical-soft:#401b18;--simulated:#c8a9ff;--simulated-soft:#291d42;
--shadow:none;--g:#2a3444;--g0:#21406e;--g1:#6b3d1c;--g2:#1d5436;--g3:#4f3168;--g4:#5c4a0d;
--g5:#17535b;--g6:#692d45;--g7:#4a4d1c;--gi:#f2f5fb;--layer:#253048}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
a{color:var(--accent)}
main,header.top,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:3rem;padding-bottom:1rem}
.kicker{margin:0;color:var(--accent);font-weight:650;letter-spacing:.02em}
h1{margin:.1rem 0 .6rem;font-size:clamp(2rem,5vw,3.1rem);line-height:1.1;letter-spacing:-.02em;
text-wrap:balance}
h2{margin:3.2rem 0 1rem;font-size:1.65rem;letter-spacing:-.01em;line-height:1.2}
h3{margin:2.2rem 0 .8rem;font-size:1.12rem}
h2 small,h3 small{font-weight:400;color:var(--muted);font-size:.7em;margin-left:.5rem}
p{max-width:46rem}
code,.mono{font-family:var(--mono);font-size:.9em}
.badge{display:inline-block;padding:.15rem .6rem;border-radius:1rem;
background:var(--simulated-soft);
color:var(--simulated);font-weight:700;font-size:.85rem;border:1px solid currentColor}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.9rem 1.6rem;
margin:1.4rem 0 0}
.facts dt{color:var(--muted);font-size:.82rem}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.facts .wide{grid-column:1/-1}.facts .wide dd{font-weight:400}
.card{background:var(--surface);border:1px solid var(--line);border-radius:14px;
padding:1.1rem 1.3rem;
box-shadow:var(--shadow)}
nav.toc{margin-top:1.6rem}
nav.toc ol{margin:.3rem 0 0;padding:0;list-style:none;columns:2 16rem;column-gap:2rem}
nav.toc li{break-inside:avoid;padding:.18rem 0}
nav.toc li.in{padding-left:1.2rem}
nav.toc a{text-decoration:none}nav.toc a:hover{text-decoration:underline}
.links{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr));gap:1rem}
.links h3{margin:0 0 .2rem}.links .big{font-size:1.5rem;font-weight:650;margin:0 0 .6rem}
.links dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem .9rem;margin:0}
.links dt{color:var(--muted)}.links dd{margin:0;font-weight:550;overflow-wrap:anywhere}
.stack{display:inline-flex;align-items:stretch;margin-top:.9rem;max-width:100%;font-size:.85rem}
.stack div{border:1.5px solid var(--strong);border-radius:8px;padding:.35rem .5rem .35rem .6rem;
background:var(--layer);display:flex;align-items:center;gap:.6rem}
.stack div.in{background:var(--accent-soft);border-color:var(--accent);border-style:dashed;
padding:.35rem .8rem}
ul.rules{margin:.2rem 0;padding-left:1.2rem}
.legend{display:flex;flex-wrap:wrap;gap:.35rem .9rem;margin:.2rem 0 .8rem;padding:0;list-style:none;
font-size:.86rem}
.legend i{display:inline-block;width:1.05rem;height:.8rem;border-radius:3px;margin-right:.4rem;
vertical-align:-.06rem;border:1px solid var(--strong)}
svg{display:block;max-width:100%;height:auto;font-family:inherit}
.map32{width:100%;max-width:54rem}.map16{width:100%;max-width:27rem;display:none}
svg text{fill:var(--ink)}
.map text{text-anchor:middle}
.map .tick,.plot .tick{font-size:10px;fill:var(--muted)}
.map .byte{font-size:11px;fill:var(--muted);font-weight:600}
.map .offset{font-size:12px;fill:var(--muted);text-anchor:end;font-family:var(--mono)}
.map .rule,.map .ticks{stroke:var(--strong);fill:none;stroke-width:1}
.map .ticks{opacity:.75}
.map .name{font-size:11.5px;font-weight:600;fill:var(--gi)}
.map .detail{font-size:10px;fill:var(--gi);opacity:.8}
.map .short{font-size:12px;font-weight:650;fill:var(--gi)}
.map .dots{font-size:20px;fill:var(--muted)}
.map a{cursor:pointer;outline-offset:2px}
.map a:hover .box,.map a:focus .box{stroke:var(--accent);stroke-width:2.5}
.box{stroke:var(--strong);stroke-width:1;fill:var(--g)}
.box.mark{fill:var(--ink)}.map g:has(.mark) .name,.map g:has(.mark) .detail{fill:var(--surface)}
.box.gap{fill:none;stroke-dasharray:3 3}.box.open{fill:none;stroke-dasharray:6 4}
.g0{fill:var(--g0);background:var(--g0)}.g1{fill:var(--g1);background:var(--g1)}
.g2{fill:var(--g2);background:var(--g2)}.g3{fill:var(--g3);background:var(--g3)}
.g4{fill:var(--g4);background:var(--g4)}.g5{fill:var(--g5);background:var(--g5)}
.g6{fill:var(--g6);background:var(--g6)}.g7{fill:var(--g7);background:var(--g7)}
.g{background:var(--g)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:14px;background:var(--surface);
box-shadow:var(--shadow)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .8rem;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
thead th{font-size:.8rem;color:var(--muted);font-weight:600;white-space:nowrap;
background:var(--surface)}
td.n{color:var(--muted);font-variant-numeric:tabular-nums;white-space:nowrap}
td.place,td.type{font-family:var(--mono);font-size:.84rem;white-space:nowrap}
td .name{font-family:var(--mono);font-size:.82rem;color:var(--muted);overflow-wrap:anywhere}
td .label{font-weight:600}
td .doc{color:var(--muted);font-size:.87rem;max-width:24rem}
td .note{display:inline-block;font-size:.8rem;padding:0 .45rem;border-radius:.6rem;
margin:.1rem .3rem 0 0;
background:var(--accent-soft);color:var(--accent)}
td .nb{white-space:nowrap}
td.conv{font-variant-numeric:tabular-nums}td.conv div{overflow-wrap:anywhere}
tr:target td{background:var(--accent-soft)}
tr:target td:first-child{box-shadow:inset 4px 0 var(--accent)}
.swatch{display:inline-block;width:.7rem;height:.7rem;border-radius:3px;
border:1px solid var(--strong);
margin-right:.45rem;vertical-align:-.02rem}
.state{white-space:nowrap;font-weight:600}
.state.nominal{color:var(--nominal)}.state.warning{color:var(--warning)}
.state.critical{color:var(--critical)}.state.invalid{color:var(--muted)}
.wordsets{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem}
.wordsets h4{margin:0 0 .4rem}.wordsets h4 span{font-weight:400;color:var(--muted);font-size:.85em}
.wordsets table{font-size:.88rem}.wordsets td{padding:.22rem .4rem}
.wordsets td:first-child{font-family:var(--mono);white-space:nowrap;color:var(--muted)}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem}
.plots figure{margin:0}.plots figcaption{font-weight:600}
.plots figcaption small{display:block;font-weight:400;color:var(--muted);overflow-wrap:anywhere}
.plot{width:100%;margin-top:.5rem}
.plot text{text-anchor:middle}.plot .end{text-anchor:end}
.plot .axis{font-size:11px;fill:var(--muted);text-anchor:end}.plot .axis.start{text-anchor:start}
.plot .grid{stroke:var(--line);stroke-width:1}
.plot .curve{fill:none;stroke:var(--accent);stroke-width:2.5;stroke-linejoin:round}
.plot .point{fill:var(--surface);stroke:var(--accent);stroke-width:2}
.band.warning{fill:var(--warning-soft)}.band.critical{fill:var(--critical-soft)}
.dump{font-family:var(--mono);font-size:.9rem;line-height:1.75;overflow-x:auto;padding:.9rem 1.1rem}
.dump .line{display:flex;gap:.9rem;white-space:nowrap}
.dump .line>b{font-weight:400;color:var(--muted);min-width:2.6rem;text-align:right}
.dump .line>div{display:flex;flex-wrap:wrap}
.dump i{font-style:normal;padding:.08rem .28rem;border-radius:0}
.dump i.first{border-top-left-radius:5px;border-bottom-left-radius:5px}
.dump i.last{border-top-right-radius:5px;border-bottom-right-radius:5px;margin-right:2px}
.dump i.layer{background:var(--layer);color:var(--muted)}
.dump i.mark{background:var(--ink);color:var(--surface)}
.dump i[class*=g]{color:var(--gi)}
.known{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;align-items:center}
.known .stack{margin-top:0}
.digits{font-family:var(--mono);font-size:.86rem;overflow-wrap:anywhere;max-width:15rem}
td.digits{min-width:10.6rem}
ol.steps{margin:0;padding:0;list-style:none;font-variant-numeric:tabular-nums}
ol.steps li{overflow-wrap:anywhere}
ol.steps li.held{font-size:.86rem}
ol.steps li.raw::before{content:attr(data-kind) " ";color:var(--muted);font-size:.86rem}
td.value{font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.headers{display:flex;flex-wrap:wrap;gap:.35rem 1.2rem;margin:.6rem 0;font-size:.88rem}
.headers b{font-weight:600}.headers span{color:var(--muted)}
summary{cursor:pointer;font-weight:600;padding:.4rem 0}
footer{color:var(--muted);font-size:.88rem;padding-top:2.5rem;padding-bottom:3rem}
.up{font-size:.85rem;text-decoration:none}
@media (max-width:44rem){
main,header.top,footer{padding-left:1rem;padding-right:1rem}header.top{padding-top:1.6rem}
h2{margin-top:2.4rem;font-size:1.4rem}
.map32{display:none}.map16{display:block}
table.rows,table.rows tbody,table.rows tr,table.rows td{display:block;width:auto}
table.rows thead{display:none}
table.rows tr{padding:.7rem .9rem;border-bottom:1px solid var(--line)}
table.rows tr:last-child{border-bottom:0}
table.rows td{border:0;padding:.1rem 0}
table.rows td:empty{display:none}
table.rows td[data-label]::before{content:attr(data-label) " ";color:var(--muted);font-size:.82rem;
font-family:system-ui,sans-serif}
table.rows td.n,table.rows td.place,table.rows td.type{display:inline-block;margin-right:.9rem}
.digits{max-width:none}.dump{font-size:.82rem}
.card{padding:.9rem 1rem}
}
@media print{
@page{size:A4;margin:16mm 14mm}
:root{color-scheme:light;--ground:#fff;--surface:#fff;--ink:#000;--muted:#444;--line:#bbb;
--strong:#777;--accent:#0b3f99;--accent-soft:#eef3fc;--shadow:none;--g:#e6e9ef;--g0:#cfe1ff;
--g1:#ffdcc2;--g2:#cdeed6;--g3:#eed9fb;--g4:#fff0b3;--g5:#c9eef2;--g6:#ffd3e0;--g7:#dfe0b8;
--gi:#000;--layer:#e3e7f3;--nominal:#0d5a37;--warning:#7a4f00;--warning-soft:#fff1d6;
--critical:#a01c15;--critical-soft:#fde4e1;--simulated:#55299a;--simulated-soft:#f4eeff}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-size:10pt}main,header.top,footer{max-width:none;padding:0}
h2{break-before:page;margin-top:0}h2.near{break-before:auto;margin-top:1.6rem}
h2,h3,h4{break-after:avoid}
.card,.plots figure,.wordsets>*,svg,tr,.dump{break-inside:avoid}
.scroll{overflow:visible}thead{display:table-header-group}
a{color:inherit;text-decoration:none}.up,nav.toc{display:none}
td .doc,td .name,td .note,td.place,td.type,.digits{font-size:8pt}
table{font-size:8.6pt}th,td{padding:.3rem .45rem}
}
"""
