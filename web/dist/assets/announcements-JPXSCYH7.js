import{a}from"./chunk-5IYHJMUN.js";import"./chunk-U6OL5GE5.js";import"./chunk-3JI6US56.js";import"./chunk-BYXBJQAS.js";import"./chunk-XD3CALUF.js";export{a as Announcements};
