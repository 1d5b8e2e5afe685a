// One message, and one on its way.

import { time } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { erase, like, pin, reportMessage } from "../live/acts.ts";
import type { Draft } from "../outbox.ts";
import type { RoomSession } from "../session.ts";
import { explain } from "../session.ts";
import type { Post } from "../state.ts";
import { Cue } from "./cue.ts";
import { Icon } from "./icons.tsx";
import type { MenuItem } from "./menu.tsx";
import { MenuButton } from "./menu.tsx";
import { Avatar } from "./parts.tsx";
import { Marks } from "./roles.tsx";
import { Words } from "./words.tsx";

interface Props {
  session: RoomSession;
  post: Post;
  staff: boolean;
  mine: boolean;
  liked: boolean;
  me?: string;
  quoted?: Post;
  jump: (id: string) => void;
  rights: readonly string[];
  reply: (post: Post) => void;
}

export function PostRow(props: Props) {
  const { post, mine, quoted, staff, me, jump } = props;
  return (
    <li class="msg" id={`${staff ? "backchannel" : "chat"}-${post.id}`} data-me={me !== undefined && post.mentions?.some(({ participant }) => participant === me) || undefined}>
      <Avatar name={post.name} seed={post.participant} />
      <div>
        <p class="msg-by">
          <b>{post.name}</b>
          <Marks {...post} />
          <Cue session={props.session} who={post} />
          {mine && <span class="soft">{t("person.me")}</span>}
          <time dateTime={new Date(post.at).toISOString()}>{time(post.at)}</time>
        </p>
        {post.reply_to && !post.deletedBy && <Quote post={quoted} jump={() => jump(post.reply_to ?? "")} />}
        {post.deletedBy ? <p class="msg-text soft">{t("chat.deleted", { name: post.deletedBy })}</p> : <p class="msg-text"><Words {...post} me={me} /></p>}
        {!post.deletedBy && <Actions {...props} />}
      </div>
    </li>
  );
}

/** What is replied to; with `jump` it leads there. */
export function Quote({ post, jump }: { post?: Post; jump?: () => void }) {
  if (post?.deletedBy) return <p class="quote"><span>{t("chat.quote.deleted")}</span></p>;
  const words = post ? <span><b>{post.name}</b> {post.text}</span> : <span>{t("chat.quote.earlier")}</span>;
  if (!jump) return <p class="quote">{words}</p>;
  return <button type="button" class="quote" onClick={jump}><span class="sr">{t("chat.quote.jump")} </span>{words}</button>;
}

function Actions({ session, post, staff, mine, liked, rights, reply }: Props) {
  const likes = post.likes ?? 0;
  const mayLike = !staff && rights.includes("chat.like");
  const turn = () => void like(session, post.id, !liked);
  const items = (): MenuItem[] => {
    const list: MenuItem[] = [{ label: t("chat.reply"), icon: "reply", run: () => reply(post) }];
    if (mayLike) list.push({ label: t(liked ? "chat.unlike" : "chat.like"), icon: "heart", run: turn });
    if (!staff && rights.includes("pin.set")) list.push({ label: t("chat.pin"), icon: "pin", run: () => void pin(session, post.id) });
    if (!staff && !mine && rights.includes("chat.report")) list.push({ label: t("chat.report"), icon: "alert", run: () => void reportMessage(session, post.id) });
    const mayErase = !staff && (rights.includes("chat.delete.any") || (mine && rights.includes("chat.delete")));
    if (mayErase) list.push({ label: t("chat.delete"), icon: "x", danger: true, run: () => void erase(session, post.id) });
    return list;
  };
  return (
    <div class={likes > 0 ? "msg-acts" : "msg-acts msg-acts-rest"}>
      {mayLike && (
        <button type="button" class="chip" aria-pressed={liked} onClick={turn}>
          <Icon name="heart" /><span class="sr">{t("chat.like")}</span>{likes > 0 && <span> {likes}</span>}
        </button>
      )}
      <MenuButton class="chip msg-more" label={t("chat.actions", { name: post.name })} groups={() => [{ items: items() }]} />
    </div>
  );
}

export function DraftRow({ session, draft, name, seed }: { session: RoomSession; draft: Draft; name: string; seed: string }) {
  const failed = draft.state === "failed";
  const online = session.link.value.state === "online";
  return (
    <li class="msg" data-state={failed ? "failed" : "pending"}>
      <Avatar name={name} seed={seed} />
      <div>
        <p class="msg-by"><b>{name}</b><span class="soft">{t("person.me")}</span></p>
        <p class="msg-text">{draft.text}</p>
        {failed ? (
          <>
            <p class="error small"><Icon name="alert" />{t("chat.failed")} {explain(draft.why ?? "")}</p>
            <p class="line">
              <button type="button" class="btn btn-small" onClick={() => void session.retry(draft)}>{t("chat.retry")}</button>
              <button type="button" class="btn btn-quiet btn-small" onClick={() => session.discard(draft.key)}>{t("chat.discard")}</button>
            </p>
          </>
        ) : (
          <p class="line small soft draft-state"><Icon name="clock" />{t(online ? "chat.sending" : "chat.waiting")}</p>
        )}
      </div>
    </li>
  );
}
