using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Targets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Forwarding;

/// <summary>The ways that traffic takes: resolves what they lead to, and has them carried out whenever they are others.</summary>
internal sealed partial class TrafficWays(ProxyConfiguration configuration, ITrafficForwarder forwarder, INameResolver resolver, TimeProvider time, ILogger logger)
{
    private volatile IReadOnlyList<IPAddress> _backends = [];
    private ImmutableArray<ForwardingRule> _rules;
    private string _unresolved = "";
    private string _refused = "";

    /// <summary>Whether all names that ways lead to are known, so that traffic takes all of them.</summary>
    public bool AreComplete => _unresolved.Length == 0;

    /// <inheritdoc cref="ITrafficForwarder.Refused"/>
    public ImmutableArray<RefusedPort> Refused => forwarder.Refused;

    /// <summary>Follows the addresses of the destination's name until it is cancelled; there must be one.</summary>
    /// <param name="changed">Told whenever they are others.</param>
    public async Task FollowBackendsAsync(Action changed, CancellationToken cancellationToken)
    {
        await foreach (var backends in new BackendNames(resolver, time, logger).WatchAsync(configuration.DestinationName, cancellationToken).ConfigureAwait(false))
        {
            _backends = backends;
            changed();
        }
    }

    /// <summary>What of the device can be carried: what has addresses of both families is reached by that one.</summary>
    public DeviceSnapshot CarriedOf(DeviceSnapshot device) => forwarder.CarriesIPv6
        ? device
        : device with { Addresses = [.. device.Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork)] };

    /// <param name="further">Rules beside those of the proxy's own target or destination.</param>
    /// <returns>False if a name is not known: the rules are as before then.</returns>
    /// <exception cref="ForwardingException">A rule cannot be carried out.</exception>
    public async Task<bool> TryUseAsync(DeviceSnapshot device, ImmutableArray<ForwardingRule> further, CancellationToken cancellationToken)
    {
        var target = configuration.TargetName.Length > 0 ? TailnetTarget.Resolve(configuration.TargetName, device) : [];
        if (configuration.TargetName.Length > 0 && target.IsEmpty)
        {
            // The rules stay: a target that is gone from the map for a moment must not end the connections to it.
            NoteUnresolved(configuration.TargetName, "the tailnet");
            return false;
        }

        if (configuration.DestinationName.Length > 0 && _backends.Count == 0)
        {
            NoteUnresolved(configuration.DestinationName, "DNS");
            return false;
        }

        _unresolved = "";
        var isByName = configuration.TargetName.Length > 0 || configuration.DestinationName.Length > 0;
        ImmutableArray<ForwardingRule> rules = [.. ForwardingPlan.For(configuration, isByName ? CarriedOf(device) : device, target, [.. _backends]), .. further];
        var areNew = _rules.IsDefault || !rules.SequenceEqual(_rules);
        if (areNew || !Refused.IsEmpty)
        {
            await forwarder.ApplyAsync(rules, cancellationToken).ConfigureAwait(false);
            _rules = rules;
            NoteRefused();
        }

        if (areNew)
        {
            Log.Forwards(logger, rules.Length);
        }

        return true;
    }

    private void NoteRefused()
    {
        var refused = string.Join("; ", Refused.Select(port => port.Problem));
        if (refused != _refused && refused.Length > 0)
        {
            Log.Refused(logger, refused);
        }

        _refused = refused;
    }

    private void NoteUnresolved(string name, string where)
    {
        if (_unresolved != name)
        {
            _unresolved = name;
            Log.Unresolved(logger, name, where);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Traffic takes {Rules} ways")]
        public static partial void Forwards(ILogger logger, int rules);

        [LoggerMessage(2, LogLevel.Warning, "{Where} does not know {Name} yet; traffic waits for it")]
        public static partial void Unresolved(ILogger logger, string name, string where);

        [LoggerMessage(3, LogLevel.Error, "Some ports are not carried, and tried again: {Ports}")]
        public static partial void Refused(ILogger logger, string ports);
    }
}
