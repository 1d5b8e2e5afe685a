function a({shown:s,docked:e},o){let n=e?"region":"tabpanel";return{id:`pane-${o}`,hidden:!s,class:e==="desk"?"pane on-desk":"pane",role:n,"aria-labelledby":e?`${o}-title`:`tab-${o}`}}export{a};
