using System.Globalization;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Events;

/// <summary>
/// Turns a flood into few Events: the same Event counts up, many similar ones become one, and an object that causes too
/// many is silenced for a while. Not safe for concurrent use.
/// </summary>
internal sealed class EventCorrelator(EventRecorderOptions options)
{
    // Limit of the API for a message; longer ones would be refused.
    private const int MaxMessage = 1_024;

    // Object names go up to 253 characters; 17 are for the dot and the time.
    private const int MaxNamePrefix = 236;

    private readonly RecentlyUsed<SimilarEvents, Group> _groups = new(options.MemorySize);
    private readonly RecentlyUsed<(SimilarEvents Similar, string Message), Event> _written = new(options.MemorySize);
    private readonly RecentlyUsed<EventSubject, Allowance> _allowances = new(options.MemorySize);
    private long _lastStamp;

    /// <returns>Null: nothing is to be written, the object has caused too many Events.</returns>
    public CorrelatedEvent? Correlate(RecordedEvent recorded)
    {
        var similar = recorded.Similarity;
        var message = recorded.Message.Length > MaxMessage ? recorded.Message[..(MaxMessage - 1)] + "…" : recorded.Message;
        var identity = (similar, Combine(similar, message, recorded.At) ? "" : message);
        if (identity.Item2.Length == 0)
        {
            message = $"(combined from similar events): {message}";
            message = message.Length > MaxMessage ? message[..(MaxMessage - 1)] + "…" : message;
        }

        var known = _written.TryGet(identity, out var before);
        var occurrence = known
            ? before! with { Count = before.Count + 1, LastTimestamp = recorded.At, Message = message }
            : Create(recorded, message);
        _written.Set(identity, occurrence);
        return Admit(similar.Subject, recorded.At) ? new CorrelatedEvent(identity, occurrence, known) : null;
    }

    /// <summary>What the API server made of an Event; later occurrences refer to it.</summary>
    public void Written(CorrelatedEvent correlated, Event stored)
    {
        if (_written.TryGet(correlated.Identity, out var current))
        {
            _written.Set(correlated.Identity, current with { Metadata = stored.Metadata });
        }
    }

    /// <summary>The Event under a new name, for when the API server has forgotten the one it counted up.</summary>
    public Event Renamed(Event old, DateTimeOffset now) => old with
    {
        Metadata = new ObjectMeta { Namespace = old.Metadata.Namespace, Name = NameFor(old.InvolvedObject?.Name ?? "", now) },
    };

    private bool Combine(SimilarEvents similar, string message, DateTimeOffset now)
    {
        if (!_groups.TryGet(similar, out var group) || now - group.LastSeen > options.SimilarWindow)
        {
            group = new Group();
        }

        group.LastSeen = now;
        group.Messages.Add(message);
        _groups.Set(similar, group);
        if (group.Messages.Count < options.SimilarLimit)
        {
            return false;
        }

        // One message more than the limit is as good as all of them, and bounds what is remembered.
        group.Messages.Remove(group.Messages.First(other => other != message));
        return true;
    }

    private bool Admit(EventSubject subject, DateTimeOffset now)
    {
        if (!_allowances.TryGet(subject, out var allowance))
        {
            allowance = new Allowance { Left = options.Burst, UpdatedAt = now };
            _allowances.Set(subject, allowance);
        }

        var earned = (now - allowance.UpdatedAt) / options.RefillInterval;
        allowance.Left = Math.Min(options.Burst, allowance.Left + Math.Max(0, earned));
        allowance.UpdatedAt = now;
        if (allowance.Left < 1)
        {
            return false;
        }

        allowance.Left--;
        return true;
    }

    private Event Create(RecordedEvent recorded, string message) => new()
    {
        ApiVersion = KubernetesResources.Events.ApiVersion,
        Kind = KubernetesResources.Events.Kind,
        Metadata = new ObjectMeta
        {
            // Events about cluster-scoped objects live in "default" by convention.
            Namespace = string.IsNullOrEmpty(recorded.Involved.Namespace) ? "default" : recorded.Involved.Namespace,
            Name = NameFor(recorded.Involved.Name ?? "", recorded.At),
        },
        InvolvedObject = recorded.Involved,
        Type = recorded.Type.ToString(),
        Reason = recorded.Reason,
        Message = message,
        Count = 1,
        FirstTimestamp = recorded.At,
        LastTimestamp = recorded.At,
        Source = new EventSource { Component = options.Component },
        ReportingComponent = options.Component,
        ReportingInstance = options.Instance,
    };

    private string NameFor(string involved, DateTimeOffset at)
    {
        // Two Events of one object in one tick of the clock still need two names.
        _lastStamp = Math.Max(at.UtcTicks, _lastStamp + 1);
        var prefix = involved.Length > MaxNamePrefix ? involved[..MaxNamePrefix].TrimEnd('.', '-') : involved;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}.{_lastStamp:x16}");
    }

    private sealed class Group
    {
        public HashSet<string> Messages { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LastSeen { get; set; }
    }

    private sealed class Allowance
    {
        public double Left { get; set; }

        public DateTimeOffset UpdatedAt { get; set; }
    }
}
