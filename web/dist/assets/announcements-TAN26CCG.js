import{a}from"./chunk-PV6GLIEJ.js";import"./chunk-DSQTEGNX.js";import"./chunk-YMHCI3PO.js";import"./chunk-BYXBJQAS.js";import"./chunk-M2VD5RSA.js";export{a as Announcements};
