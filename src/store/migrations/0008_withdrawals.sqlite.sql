-- When a story was taken out of everything published, with all its copies: those that come later stay out, too.
ALTER TABLE story ADD COLUMN withdrawn INTEGER;
