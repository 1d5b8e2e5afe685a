-- When something next happens in a room by itself, whatever its state; 0:
-- nothing does.
ALTER TABLE room ADD COLUMN wakes BIGINT NOT NULL DEFAULT 0;

CREATE INDEX room_wakes ON room (wakes) WHERE wakes > 0;
