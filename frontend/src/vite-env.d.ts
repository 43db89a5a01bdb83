interface ImportMetaEnv {
  /** Where the API is, when it is not the address that the page came from; a <meta name="liangnuo-api"> overrides it. */
  readonly VITE_API_BASE?: string;
  /** Set in mock builds, in which answers come from src/mocks instead of a server. */
  readonly VITE_MOCK?: string;
}
