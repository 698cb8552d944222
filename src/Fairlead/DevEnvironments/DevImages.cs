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

    /// <exception cref="UserErrorException">The program is not where it should be.</exception>
    public static ImageCatalog Catalog()
    {
        var program = Path.Combine(AppContext.BaseDirectory, RootVerb.Name);
        if (!File.Exists(program))
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"{program} does not exist: Pods run as processes of this program, which has to keep its name");
        }

        var proxy = new LocalCommand(program, "proxy");
        proxy = proxy with
        {
            // The command of a Pod means upstream's program in upstream's image.
            IgnoresContainerCommand = true,
            Environment = proxy.Environment.SetItem("FAIRLEAD_PROXY_ENGINE", "managed").SetItem("FAIRLEAD_EGRESS_PORTS", "6379"),
        };
        // What the init container sets are the kernel's settings for forwarding, which a managed node does not need.
        var nothing = new LocalCommand("true") { IgnoresContainerCommand = true };
        return new[] { UpstreamProxy, Proxy }.Aggregate(
            ImageCatalog.Empty.With(SampleApp, new LocalCommand(program, "dev", SampleAppVerb.Name)),
            (catalog, image) => catalog.With(image, proxy).With(image, nothing, "sysctler"));
    }
}
