import{a}from"./chunk-MOZH266V.js";import"./chunk-H7SBUAIX.js";import"./chunk-YNIDXF2T.js";import"./chunk-BYXBJQAS.js";import"./chunk-SI7E6IN2.js";export{a as Announcements};
