using System.Runtime.InteropServices;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Hosts;

namespace Fairlead.Tailnet.Nodes;

/// <summary>What a node tells the coordination server about its machine and its wishes.</summary>
internal static class NodeHostinfo
{
    private static readonly string ProgramVersion = typeof(NodeHostinfo).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <param name="logId">Identifies the installation; servers require one, though nothing is logged to them.</param>
    public static Hostinfo From(TailnetNodeOptions options, string logId) => With(new Hostinfo
    {
        IPNVersion = $"{ProgramVersion}-fairlead",
        BackendLogID = logId,
        OS = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "macOS" : OperatingSystem.IsWindows() ? "windows" : RuntimeInformation.OSDescription,
        OSVersion = Environment.OSVersion.Version.ToString(),
        App = options.App,
        Package = "fairlead",
        ShieldsUp = options.ShieldsUp,
        NoLogsNoSupport = true,
        Machine = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x86_64",
            Architecture.Arm64 => "aarch64",
            var other => other.ToString().ToLowerInvariant(),
        },
        GoArch = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            var other => other.ToString().ToLowerInvariant(),
        },
        RequestTags = options.Tags,
        Userspace = options.TunDevice.Length == 0,
        UserspaceRouter = options.TunDevice.Length == 0,
    }, TailnetNodePreferences.Of(options));

    /// <summary>The same machine with other wishes.</summary>
    public static Hostinfo With(Hostinfo hostinfo, TailnetNodePreferences preferences) => hostinfo with
    {
        Hostname = preferences.Hostname.Length > 0 ? preferences.Hostname : Environment.MachineName,
        RoutableIPs =
        [
            .. preferences.AdvertiseRoutes.Select(network => new IPPrefix(network.BaseAddress, network.PrefixLength)),
            .. preferences.AdvertiseExitNode ? [IPPrefix.Parse("0.0.0.0/0"), IPPrefix.Parse("::/0")] : Array.Empty<IPPrefix>(),
        ],
    };
}
