using static Fairlead.Proxy.Configuration.ProxyVariables;

namespace Fairlead.Proxy.Configuration;

/// <summary>Which variables cannot stand together, or not without others.</summary>
internal static class ConfigurationConflicts
{
    private static readonly string[] NotWithConfigurationDirectory =
        [AcceptDns, AuthKey, AuthKeyOldName, Routes, ExtraArguments, Hostname, ClientId, ClientSecret, IdToken, Audience];

    public static IEnumerable<string> In(ProxyConfiguration configuration, IReadOnlyDictionary<string, string> environment)
    {
        bool Has(string name) => environment.TryGetValue(name, out var value) && value.Trim().Length > 0;

        IEnumerable<string> problems =
        [
            .. Engine(configuration, Has),
            .. Destinations(configuration, Has),
            .. Credentials(Has),
            .. GroupServices(configuration, Has),
        ];
        if (Has(ConfigurationDirectory))
        {
            problems = problems.Concat(NotWithConfigurationDirectory
                .Where(Has)
                .Select(name => $"{name} has no effect where {ConfigurationDirectory} names configuration files; write it into them, or unset one of the two."));
        }

        if (Has(OldHealthAddress) && configuration.HealthCheck)
        {
            problems = problems.Append($"{OldHealthAddress} and {HealthCheck} both ask for a health endpoint; unset the first, which is deprecated.");
        }

        return problems;
    }

    /// <summary>What tailscaled without a TUN device cannot do; a managed node needs none for it.</summary>
    private static IEnumerable<string> Engine(ProxyConfiguration configuration, Func<string, bool> has)
    {
        if (configuration.Engine == ProxyEngine.Managed)
        {
            // The operator asks for the daemon's debug endpoint wherever it asks for metrics, whatever the engine.
            if (configuration.DaemonArguments.Any(argument => !argument.TrimStart('-').StartsWith("debug", StringComparison.Ordinal)))
            {
                yield return $"{DaemonArguments} is for a tailscaled, and this proxy runs none; unset it, or set {ProxyVariables.Engine}=tailscaled.";
            }

            foreach (var name in (string[])[SocksServer, HttpProxy])
            {
                if (has(name))
                {
                    yield return $"{name} is a tailscaled's, and this proxy runs none; unset it, or set {ProxyVariables.Engine}=tailscaled.";
                }
            }

            if (configuration.AcceptDns)
            {
                yield return $"{(has(AcceptDns) ? AcceptDns : ExtraArguments)} asks for the tailnet's DNS, and a managed node leaves the Pod's resolver as it is; unset it, or set {ProxyVariables.Engine}=tailscaled.";
            }

            if (configuration.EgressPorts.IsEmpty && (has(TargetIp) || has(TargetName)))
            {
                yield return $"{(has(TargetIp) ? TargetIp : TargetName)} needs {EgressPorts} with the managed engine, for a process without privileges listens on single ports; name them, as 5432,53/udp.";
            }

            yield break;
        }

        if (!configuration.Userspace)
        {
            yield break;
        }

        foreach (var name in (string[])[DestinationIp, DestinationName, TargetIp, TargetName])
        {
            if (has(name))
            {
                yield return $"{name} needs a TUN device; set {Userspace}=false, or {ProxyVariables.Engine}=managed.";
            }
        }

        if (configuration.ForwardingOptimizations)
        {
            yield return $"{ForwardingOptimizations} needs a TUN device; set {Userspace}=false.";
        }

        if (configuration.ClusterTrafficViaIngress)
        {
            yield return $"{ClusterTraffic} needs a TUN device; set {Userspace}=false, or {ProxyVariables.Engine}=managed.";
        }
    }

    /// <summary>What a ProxyGroup's Pods do they tell the operator through their state Secret, for the address that they have.</summary>
    private static IEnumerable<string> GroupServices(ProxyConfiguration configuration, Func<string, bool> has)
    {
        foreach (var name in (string[])[EgressServices, IngressServices])
        {
            if (has(name) && (!configuration.IsInKubernetes || configuration.StateSecret.Length == 0))
            {
                yield return $"{name} is for Pods of a ProxyGroup, which keep their state in a Secret; run it in a cluster with {StateSecret}, or unset it.";
            }

            if (has(name) && configuration.PodIps.IsEmpty)
            {
                yield return $"{name} needs {PodIps}, from the Pod's field status.podIPs: without, nobody can tell whose state it is.";
            }
        }

        if (configuration.CertificateShare && (!configuration.IsInKubernetes || configuration.StateSecret.Length == 0))
        {
            yield return $"{CertificateShare} shares certificates through Secrets; run it in a cluster with {StateSecret}, or unset it.";
        }

        if (has(AcmeAccountSecret) != has(AcmeAccountField))
        {
            yield return $"{AcmeAccountSecret} and {AcmeAccountField} name a Secret and a key in it; set both or none.";
        }

        if (configuration.CertificateShare && configuration.PodName.Length == 0)
        {
            yield return $"{CertificateShare} needs {PodName}, from the Pod's field metadata.name: the first of a ProxyGroup's Pods issues certificates for all.";
        }
    }

    private static IEnumerable<string> Destinations(ProxyConfiguration configuration, Func<string, bool> has)
    {
        if (has(DestinationIp) && has(DestinationName))
        {
            yield return $"{DestinationIp} and {DestinationName} name two destinations; unset one.";
        }

        if (has(TargetIp) && has(TargetName))
        {
            yield return $"{TargetIp} and {TargetName} name two targets; unset one.";
        }

        if (configuration.ClusterTrafficViaIngress && !has(ServeConfig))
        {
            yield return $"{ClusterTraffic} needs {ServeConfig}: there is nothing to serve.";
        }

        if (configuration.ClusterTrafficViaIngress && configuration.PodIps.IsEmpty)
        {
            yield return $"{ClusterTraffic} needs {PodIp}, from the Pod's field status.podIP.";
        }
    }

    private static IEnumerable<string> Credentials(Func<string, bool> has)
    {
        var authKey = has(AuthKey) ? AuthKey : AuthKeyOldName;
        foreach (var other in (string[])[ClientId, ClientSecret, IdToken, Audience])
        {
            if (has(authKey) && has(other))
            {
                yield return $"{authKey} and {other} are two ways to log in; unset one.";
            }
        }

        foreach (var name in (string[])[IdToken, Audience])
        {
            if (has(name) && !has(ClientId))
            {
                yield return $"{name} needs {ClientId}: the client whose workload identity it stands for.";
            }
        }

        foreach (var (one, other) in ((string, string)[])[(IdToken, ClientSecret), (IdToken, Audience), (Audience, ClientSecret)])
        {
            if (has(one) && has(other))
            {
                yield return $"{one} and {other} are two ways to log in; unset one.";
            }
        }
    }
}
