using System.Runtime.Versioning;

// File modes and SIGTERM are what some of these tests are about.
[assembly: UnsupportedOSPlatform("windows")]
