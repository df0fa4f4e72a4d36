// Releases of OpenCode 1.x, and agents made from them, that take functions only.
export const Spawngate = server
