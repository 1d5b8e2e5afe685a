import{a}from"./chunk-Z5AM4AR5.js";import"./chunk-5RJHBDBI.js";import"./chunk-HZYH4FWH.js";import"./chunk-BYXBJQAS.js";import"./chunk-45PHACKY.js";export{a as Announcements};
