"""After exit: who is watched and why, what help went on, in which order households are visited."""
