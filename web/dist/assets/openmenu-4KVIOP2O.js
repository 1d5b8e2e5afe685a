import{a,b}from"./chunk-6VURFWB2.js";import"./chunk-B63PAL7S.js";import"./chunk-6GWFRRLE.js";import"./chunk-BYXBJQAS.js";import"./chunk-QQRRSAEZ.js";export{a as Menu,b as placeBeside};
