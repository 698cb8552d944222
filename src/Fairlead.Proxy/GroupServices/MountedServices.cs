using System.Collections.Immutable;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.GroupServices.Ingress;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.GroupServices;

/// <summary>
/// The Services that a ProxyGroup's Pod is asked to carry, from the files that are mounted into it to what the operator is told of them. A
/// file that cannot be read changes nothing: what was carried before is carried on.
/// </summary>
internal sealed partial class MountedServices(ProxyConfiguration configuration, TimeProvider time, ILogger logger)
{
    private volatile EgressServices _egress = EgressServices.None;
    private volatile IngressServices _ingress = IngressServices.None;
    private ServicesPlan? _inForce;
    private string _problems = "";
    private string _toldEgress = "";
    private string _toldIngress = "";

    /// <summary>What is asked of this Pod just now.</summary>
    public EgressServices Egress => _egress;

    /// <summary>Follow the files, of both kinds if there are, until they are cancelled; the present ones are known when this returns.</summary>
    /// <param name="changed">Told whenever there is something else to plan.</param>
    public IReadOnlyList<Task> Follow(Action changed, CancellationToken cancellationToken)
    {
        var following = new List<Task>();
        if (configuration.EgressServicesPath.Length > 0)
        {
            following.Add(FollowAsync(
                new MountedFolder(configuration.EgressServicesPath, time),
                [Path.Combine(configuration.EgressServicesPath, EgressServices.ServicesFile), Path.Combine(configuration.EgressServicesPath, EgressServices.PingsFile)],
                files => _egress = EgressServices.Parse(files[0], files[1]),
                changed,
                cancellationToken));
        }

        if (configuration.IngressServicesPath.Length > 0)
        {
            following.Add(FollowAsync(
                MountedFolder.Of(configuration.IngressServicesPath, time),
                [configuration.IngressServicesPath],
                files => _ingress = IngressServices.Parse(files[0]),
                changed,
                cancellationToken));
        }

        return following;
    }

    /// <inheritdoc cref="EgressServicesPlan.For"/>
    public ServicesPlan Plan(DeviceSnapshot device)
    {
        var plan = new ServicesPlan(EgressServicesPlan.For(_egress, device, configuration.PodIps), IngressServicesPlan.For(_ingress, configuration.PodIps));
        NoteProblems(plan);
        return plan;
    }

    /// <summary>The plan's rules are in force but for these ports: the operator can be told.</summary>
    public void NoteInForce(ServicesPlan plan, ImmutableArray<RefusedPort> refused) =>
        _inForce = refused.IsEmpty ? plan : plan with { Egress = plan.Egress.Without(refused) };

    /// <summary>Tells the operator what is in force, if it does not know yet.</summary>
    public async Task TellAsync(IProxyState state, CancellationToken cancellationToken)
    {
        if (_inForce is not { Egress.Status: var egress, Ingress.Status: var ingress })
        {
            return;
        }

        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (configuration.EgressServicesPath.Length > 0 && egress != _toldEgress)
        {
            values[StateKeys.EgressServices] = egress;
        }

        if (configuration.IngressServicesPath.Length > 0 && ingress != _toldIngress)
        {
            values[StateKeys.IngressConfig] = ingress;
        }

        if (values.Count > 0)
        {
            await state.WriteAsync(values, cancellationToken).ConfigureAwait(false);
            (_toldEgress, _toldIngress) = (egress, ingress);
        }
    }

    private async Task FollowAsync(MountedFolder folder, string[] files, Action<byte[]?[]> use, Action changed, CancellationToken cancellationToken)
    {
        byte[]?[]? known = null;
        await foreach (var _ in folder.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            byte[]?[] present = [.. files.Select(MountedFolder.TryRead)];
            if (known is not null && present.Zip(known).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
            {
                continue;
            }

            known = present;
            try
            {
                use(present);
                changed();
            }
            catch (FormatException e)
            {
                Log.NotRead(logger, folder.Path, e.Message);
            }
        }
    }

    private void NoteProblems(ServicesPlan plan)
    {
        var problems = string.Join(
            "; ", (string[])[.. plan.Egress.Unresolved.Select(name => $"the tailnet does not know {name}"), .. plan.Egress.Refused, .. plan.Ingress.Refused]);
        if (problems != _problems)
        {
            _problems = problems;
            if (problems.Length > 0)
            {
                Log.Problems(logger, problems);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Folder}: {Reason} What was read before stays in force; see the operator's log, which writes it")]
        public static partial void NotRead(ILogger logger, string folder, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Some Services are not carried: {Problems}")]
        public static partial void Problems(ILogger logger, string problems);
    }
}
