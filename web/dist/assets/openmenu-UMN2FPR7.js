import{a,b}from"./chunk-SBHHOUVV.js";import"./chunk-FYH4EFRW.js";import"./chunk-KS34W5QV.js";import"./chunk-BYXBJQAS.js";import"./chunk-FX6RKBKH.js";export{a as Menu,b as placeBeside};
