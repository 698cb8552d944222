using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fairlead.Proxy.Forwarding;
using static Fairlead.Proxy.Configuration.ProxyVariables;

namespace Fairlead.Proxy.Configuration;

/// <summary>
/// Reads a proxy's environment. The variables, their defaults and the combinations that are refused are upstream's (containerboot); what
/// its kernel forwarding needs but a managed node does not is refused for a tailscaled only.
/// </summary>
public static class ProxyConfigurationReader
{
    /// <param name="hasDaemon">Whether there is a tailscaled, which is then the default engine.</param>
    /// <exception cref="ProxyConfigurationException">Variables are missing, wrong or contradict each other: all of them are named.</exception>
    public static ProxyConfiguration Read(IReadOnlyDictionary<string, string> environment, bool hasDaemon)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var variables = new VariableReader(environment);
        var configuration = Read(variables, hasDaemon);
        variables.Problems.AddRange(ConfigurationConflicts.In(configuration, environment));
        return variables.Problems.Count == 0 ? configuration : throw new ProxyConfigurationException(variables.Problems);
    }

    private static ProxyConfiguration Read(VariableReader variables, bool hasDaemon)
    {
        var isInKubernetes = variables.Text(KubernetesHost).Length > 0;
        var engine = Engine(variables, hasDaemon);
        var podAddress = variables.Address(PodAddress);
        var healthCheck = variables.Flag(HealthCheck, false);
        var metrics = variables.Flag(Metrics, false);
        var egressServices = variables.MountedPath(EgressServices);

        // What nothing is served at may be anything, as upstream's image has it.
        var localAddress = healthCheck || metrics || egressServices.Length > 0 ? variables.EndPoint(LocalAddress) : null;
        var (acceptDns, arguments) = ExtraArgumentsOf(variables);
        return new ProxyConfiguration
        {
            Engine = engine,
            Credentials = new LoginCredentials
            {
                AuthKey = variables.Secret(AuthKey) is { Length: > 0 } key ? key : variables.Secret(AuthKeyOldName),
                ClientId = variables.Text(ClientId),
                ClientSecret = variables.Secret(ClientSecret),
                IdToken = variables.Text(IdToken),
                Audience = variables.Text(Audience),
            },
            Hostname = variables.Text(Hostname),
            Routes = variables.TextOrNull(Routes),
            AcceptDns = acceptDns,
            ExtraArguments = arguments,
            DaemonArguments = variables.Words(DaemonArguments),
            Userspace = variables.Flag(Userspace, true),
            StateDirectory = variables.MountedPath(StateDirectory),
            StateSecret = variables.TextOrNull(StateSecret) ?? (isInKubernetes ? "tailscale" : ""),
            Socket = variables.Text(Socket, "/tmp/tailscaled.sock"),
            SocksServer = variables.Text(SocksServer),
            HttpProxy = variables.Text(HttpProxy),
            AuthOnce = variables.Flag(AuthOnce, false),
            ServeConfigPath = variables.MountedPath(ServeConfig),
            DestinationIp = variables.Address(DestinationIp),
            DestinationName = variables.Text(DestinationName),
            TargetIp = variables.Address(TargetIp),
            TargetName = variables.Text(TargetName),
            EgressPorts = Ports(variables),
            ConfigurationDirectory = variables.MountedPath(ConfigurationDirectory),
            ClusterTrafficViaIngress = variables.Flag(ClusterTraffic, false),
            ForwardingOptimizations = variables.Flag(ForwardingOptimizations, false),
            LocalAddress = OfPod(localAddress ?? new IPEndPoint(IPAddress.IPv6Any, 9002), podAddress),
            HealthCheck = healthCheck,
            Metrics = metrics,
            OldHealthAddress = variables.EndPoint(OldHealthAddress) is { } health ? OfPod(health, podAddress) : null,
            DebugAddress = variables.EndPoint(DebugAddress),
            EgressServicesPath = egressServices,
            IngressServicesPath = variables.MountedPath(IngressServices),
            CertificateShare = variables.Flag(CertificateShare, false),
            AdvertiseServices = variables.Flag(ServiceAdvertisement, true),
            UdpPort = engine == ProxyEngine.Managed ? variables.Number(UdpPort, ushort.MaxValue) : 0,
            BootTimeout = variables.Duration(BootTimeout, TimeSpan.FromSeconds(60)),
            FirewallMode = Mode(variables),
            PodAddress = podAddress,
            PodIps = podAddress is null ? PodAddresses(variables) : [podAddress],
            PodName = variables.Text(PodName),
            PodUid = variables.Text(PodUid),
            IsInKubernetes = isInKubernetes,
            AcmeDirectory = variables.Url(AcmeDirectory),
            ClusterDns = variables.EndPoint(ClusterDns),
            ClusterSearch = variables.Words(ClusterSearch),
            LowPorts = new LowPorts(variables.Number(LowPortOffset, max: ushort.MaxValue - 1023)),
            AcmeAccountSecret = variables.Text(AcmeAccountSecret),
            AcmeAccountField = variables.Text(AcmeAccountField),
            ForceRenewal = variables.Flag(AcmeForceRenewal, false),
        };
    }

    /// <summary>"All addresses" of a Pod that has none of its own network is its one address.</summary>
    private static IPEndPoint OfPod(IPEndPoint listen, IPAddress? pod) =>
        pod is not null && (listen.Address.Equals(IPAddress.IPv6Any) || listen.Address.Equals(IPAddress.Any)) ? new IPEndPoint(pod, listen.Port) : listen;

    private static ProxyEngine Engine(VariableReader variables, bool hasDaemon)
    {
        switch (variables.Text(ProxyVariables.Engine))
        {
            case "":
                return hasDaemon ? ProxyEngine.Tailscaled : ProxyEngine.Managed;
            case "managed":
                return ProxyEngine.Managed;
            case "tailscaled" when hasDaemon:
                return ProxyEngine.Tailscaled;
            case "tailscaled":
                variables.Problems.Add($"{ProxyVariables.Engine} is tailscaled, but there is none on PATH; use an image that has it, or managed.");
                return ProxyEngine.Tailscaled;
            case var other:
                variables.Problems.Add($"{ProxyVariables.Engine} is '{other}'; it can be managed or tailscaled.");
                return default;
        }
    }

    private static (bool AcceptDns, ImmutableArray<string> Arguments) ExtraArgumentsOf(VariableReader variables)
    {
        var acceptDns = variables.Flag(AcceptDns, false);
        var arguments = ImmutableArray.CreateBuilder<string>();
        var words = variables.Words(ExtraArguments);
        for (var i = 0; i < words.Length; i++)
        {
            var name = words[i].TrimStart('-');
            if (words[i].StartsWith('-') && (name == "accept-dns" || name.StartsWith("accept-dns=", StringComparison.Ordinal)))
            {
                var value = name.Length > "accept-dns".Length ? name["accept-dns=".Length..] : "true";
                if (VariableReader.TryParseFlag(value) is { } flag)
                {
                    acceptDns = flag;
                }
                else
                {
                    variables.Problems.Add($"{ExtraArguments} has --accept-dns={value}; it can be true or false.");
                }
            }
            else
            {
                arguments.Add(words[i]);
            }
        }

        return (acceptDns, arguments.ToImmutable());
    }

    private static string Mode(VariableReader variables)
    {
        var mode = variables.Text(FirewallMode);
        if (mode is not ("" or "auto" or "nftables" or "iptables"))
        {
            variables.Problems.Add($"{FirewallMode} is '{mode}'; it can be nftables, iptables or auto.");
        }

        return mode;
    }

    private static ImmutableArray<IPAddress> PodAddresses(VariableReader variables)
    {
        var several = variables.Text(PodIps);
        if (several.Length == 0)
        {
            return variables.Address(PodIp) is { } one ? [one] : [];
        }

        var parts = several.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 2)
        {
            variables.Problems.Add($"{PodIps} has {parts.Length} addresses; a Pod has two at most.");
            return [];
        }

        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var part in parts)
        {
            if (IPAddress.TryParse(part, out var address))
            {
                addresses.Add(address);
            }
            else
            {
                variables.Problems.Add($"{PodIps} has '{part}', which is no IP address.");
            }
        }

        return addresses.ToImmutable();
    }

    private static ImmutableArray<EgressListenPort> Ports(VariableReader variables)
    {
        var ports = ImmutableArray.CreateBuilder<EgressListenPort>();
        foreach (var part in variables.Text(EgressPorts).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            var number = slash < 0 ? part : part[..slash];
            var protocol = slash < 0 ? "tcp" : part[(slash + 1)..].ToLowerInvariant();
            if (ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 && protocol is "tcp" or "udp")
            {
                ports.Add(new EgressListenPort(protocol == "udp" ? TransportProtocol.Udp : TransportProtocol.Tcp, port));
            }
            else
            {
                variables.Problems.Add($"{EgressPorts} has '{part}'; each port is written as 5432 or 53/udp.");
            }
        }

        return ports.ToImmutable();
    }
}
