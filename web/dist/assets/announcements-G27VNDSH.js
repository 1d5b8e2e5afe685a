import{a}from"./chunk-JX5ZE4Q5.js";import"./chunk-PEYONL7O.js";import"./chunk-WGNHFOIZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-DH3FI6AU.js";export{a as Announcements};
