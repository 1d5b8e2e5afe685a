import{a}from"./chunk-FCAK4VFT.js";import"./chunk-MMEXU3P7.js";import"./chunk-SL7RSQ3F.js";import"./chunk-BYXBJQAS.js";import"./chunk-7Q65UHV5.js";export{a as Announcements};
