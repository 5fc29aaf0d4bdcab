import { defineConfig } from "vitest/config";

/** The components: each is one JavaScript file, fetched at once by the page that shows it. */
const ENTRIES: Record<string, string> = {
  canvas: "src/canvas/main.tsx",
  curves: "src/curves/main.ts",
};

// One build for each component (`vite build --mode canvas`), because what two of them share would
// become a file of its own, which a browser asks for only after it has read the first. The name
// carries a hash of the content: Streamlit serves the files without a version, so a new name is
// what defeats a stale cache.
export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      input: { [mode]: ENTRIES[mode] ?? "" },
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        codeSplitting: false,
        entryFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
}));
