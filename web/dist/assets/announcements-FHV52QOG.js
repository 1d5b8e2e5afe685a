import{a}from"./chunk-N33AWJTX.js";import"./chunk-BYXBJQAS.js";import"./chunk-XFKYLBEI.js";export{a as Announcements};
