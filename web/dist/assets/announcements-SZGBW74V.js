import{a}from"./chunk-HY3IQ23C.js";import"./chunk-BYXBJQAS.js";import"./chunk-GDZGNECF.js";export{a as Announcements};
