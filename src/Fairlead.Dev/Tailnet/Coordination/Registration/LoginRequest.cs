using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Coordination.Registration;

/// <summary>A node that waits for a person to let it in.</summary>
public sealed class LoginRequest
{
    private readonly TaskCompletionSource<LoginDecision> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _owner;

    internal LoginRequest(string id, Uri url, MachinePublicKey machine, string hostname, IReadOnlyList<string> tags, string owner)
    {
        _owner = owner;
        Id = id;
        Url = url;
        Machine = machine;
        Hostname = hostname;
        Tags = tags;
    }

    /// <summary>Page to approve it on; it names the request.</summary>
    public Uri Url { get; }

    public string Hostname { get; }

    /// <summary>Tags it wants to bear.</summary>
    public IReadOnlyList<string> Tags { get; }

    internal string Id { get; }

    internal MachinePublicKey Machine { get; }

    internal Task<LoginDecision> Decision => _decision.Task;

    /// <summary>Lets the node in, unless it was decided before.</summary>
    /// <param name="user">Login name of its owner; null for the tailnet's owner.</param>
    public void Approve(string? user = null) => _decision.TrySetResult(new LoginDecision(user ?? _owner, ""));

    /// <summary>Keeps the node out, unless it was decided before.</summary>
    /// <param name="reason">What it is told.</param>
    public void Refuse(string reason) => _decision.TrySetResult(new LoginDecision(null, reason));
}
