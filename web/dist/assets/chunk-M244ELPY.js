import{i as t}from"./chunk-ONRYLT3U.js";var e=t({});function o(i,n){e.value={...e.peek(),[i]:n}}export{e as a,o as b};
