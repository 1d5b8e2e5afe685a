import{a}from"./chunk-VOYTMST6.js";import"./chunk-MTX3AXLJ.js";import"./chunk-TXVVQLR5.js";import"./chunk-BYXBJQAS.js";import"./chunk-C4QOPPUI.js";export{a as Announcements};
