import{a}from"./chunk-CUM5UYUM.js";import"./chunk-TVTPXYNL.js";import"./chunk-VEWYVS3J.js";import"./chunk-BYXBJQAS.js";import"./chunk-SAEADQQJ.js";export{a as Announcements};
