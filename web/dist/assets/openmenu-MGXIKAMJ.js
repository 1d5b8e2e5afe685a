import{a,b}from"./chunk-OQM3AWYH.js";import"./chunk-MTX3AXLJ.js";import"./chunk-TXVVQLR5.js";import"./chunk-BYXBJQAS.js";import"./chunk-C4QOPPUI.js";export{a as Menu,b as placeBeside};
