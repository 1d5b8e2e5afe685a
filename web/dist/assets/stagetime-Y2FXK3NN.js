import{a,b}from"./chunk-MYQFHR5S.js";import"./chunk-U6OL5GE5.js";import"./chunk-3JI6US56.js";import"./chunk-BYXBJQAS.js";import"./chunk-XD3CALUF.js";export{b as OwnTime,a as TimeLeft};
