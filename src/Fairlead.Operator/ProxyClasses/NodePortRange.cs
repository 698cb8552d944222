using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>
/// Finds out which node ports the cluster hands out. No API tells; but the refusal of a port outside the range names it. Asked
/// for once; not with a dry run, because that allocates no port and so refuses none.
/// </summary>
public sealed partial class NodePortRange(OperatorSettings settings, KubernetesClient client)
{
    /// <summary>Above what a port can be, so that no cluster takes it.</summary>
    private const int ImpossiblePort = 777777;

    /// <summary>As upstream's probe, which roles and audit rules may name.</summary>
    private const string ProbeName = "test-node-port-range";

    private PortRange? _known;

    /// <summary>The range; null when the cluster does not tell, so that nothing can be checked against it.</summary>
    public async ValueTask<PortRange?> FindAsync(CancellationToken cancellationToken)
    {
        if (_known is not null)
        {
            return _known;
        }

        try
        {
            var services = client.For(KubernetesResources.Services);
            var accepted = await services.CreateAsync(Probe(), cancellationToken: cancellationToken).ConfigureAwait(false);
            await services.TryDeleteAsync(
                new ObjectKey(settings.Namespace, ProbeName), new DeleteOptions { Uid = accepted.Metadata.Uid }, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (KubernetesApiException e)
        {
            return _known = Parse(e.Status.Message ?? "");
        }
    }

    /// <summary>The one range that a refusal names; null when it names none or several.</summary>
    public static PortRange? Parse(string refusal) =>
        RangeText().Matches(refusal) is [var match]
        && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? new PortRange(first, last)
            : null;

    private Service Probe() => new()
    {
        ApiVersion = KubernetesResources.Services.ApiVersion,
        Kind = KubernetesResources.Services.Kind,
        Metadata = new ObjectMeta
        {
            Name = ProbeName,
            Namespace = settings.Namespace,
            Labels = new Dictionary<string, string> { [ProxyLabels.Managed] = "true" },
        },
        Spec = new ServiceSpec
        {
            Type = "NodePort",
            Ports = [new ServicePort { Name = "probe", Port = 8080, Protocol = "UDP", NodePort = ImpossiblePort }],
        },
    };

    [GeneratedRegex(@"(?<![\w.-])([0-9]+)-([0-9]+)(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex RangeText();
}
