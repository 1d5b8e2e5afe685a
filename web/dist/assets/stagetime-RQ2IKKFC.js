import{a,b}from"./chunk-NI3EFKUT.js";import"./chunk-PKZNSK7F.js";import"./chunk-WNN3RMEL.js";import"./chunk-BYXBJQAS.js";import"./chunk-BTHV7CYX.js";export{b as OwnTime,a as TimeLeft};
