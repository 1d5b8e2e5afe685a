import{a}from"./chunk-55VXCAAY.js";import"./chunk-PKZNSK7F.js";import"./chunk-WNN3RMEL.js";import"./chunk-BYXBJQAS.js";import"./chunk-BTHV7CYX.js";export{a as Announcements};
