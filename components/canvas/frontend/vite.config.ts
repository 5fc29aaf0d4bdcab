import { defineConfig } from "vitest/config";

// Two components, each one JavaScript file whose name carries a hash of its content:
// Streamlit serves the files without a version, so a new name is what defeats a stale cache.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      input: { canvas: "src/canvas/main.tsx", curves: "src/curves/main.ts" },
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "shared-[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
