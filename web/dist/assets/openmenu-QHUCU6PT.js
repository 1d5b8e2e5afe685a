import{a,b}from"./chunk-CCSRR4KQ.js";import"./chunk-PKZNSK7F.js";import"./chunk-WNN3RMEL.js";import"./chunk-BYXBJQAS.js";import"./chunk-BTHV7CYX.js";export{a as Menu,b as placeBeside};
