import{a}from"./chunk-SFP4KNJF.js";import"./chunk-THRDXZL6.js";import"./chunk-DOCHTNO4.js";import"./chunk-BYXBJQAS.js";import"./chunk-ONRYLT3U.js";export{a as Announcements};
