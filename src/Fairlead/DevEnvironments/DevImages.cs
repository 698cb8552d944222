using Fairlead.CommandLine;
using Fairlead.Dev.Runner.Images;
using Fairlead.Verbs;

namespace Fairlead.DevEnvironments;

/// <summary>Which of this program's verbs stand for which images.</summary>
internal static class DevImages
{
    /// <summary>Upstream's image of proxies, which the operator uses unless it is told otherwise.</summary>
    public const string UpstreamProxy = "tailscale/tailscale";

    public const string Proxy = "fairlead/fairlead";

    public const string SampleApp = "fairlead/sample-app";

    /// <param name="path">The program; null for the one beside this assembly.</param>
    /// <exception cref="UserErrorException">The program is not where it should be.</exception>
    public static ImageCatalog Catalog(string? path = null)
    {
        var program = path ?? Path.Combine(AppContext.BaseDirectory, RootVerb.Name);
        if (!File.Exists(program))
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"{program} does not exist: Pods run as processes of this program, which has to keep its name");
        }

        // Commands of its Pods mean programs of upstream's image; its init container sets up the kernel's forwarding, which a managed node does not use.
        var upstream = new LocalCommand(program, "proxy") { IgnoresContainerCommand = true };
        return ImageCatalog.Empty
            .With(Proxy, new LocalCommand(program))
            .With(SampleApp, new LocalCommand(program, "dev", SampleAppVerb.Name))
            .With(UpstreamProxy, upstream with { Environment = upstream.Environment.SetItem("FAIRLEAD_PROXY_ENGINE", "managed") })
            .With(UpstreamProxy, new LocalCommand("true") { IgnoresContainerCommand = true }, "sysctler");
    }
}
