import{a}from"./chunk-CYVYAH2M.js";import"./chunk-UNELO2TT.js";import"./chunk-PKZNSK7F.js";import"./chunk-WNN3RMEL.js";import"./chunk-BYXBJQAS.js";import"./chunk-BTHV7CYX.js";export{a as WordDialog};
