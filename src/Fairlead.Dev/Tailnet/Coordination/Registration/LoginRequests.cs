using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Coordination.Registration;

/// <summary>Nodes that wait for a person. Tests decide here what people decide on the page behind each request's URL.</summary>
public sealed class LoginRequests
{
    // Whoever asks and never comes back must not fill the memory; real pages also end with time.
    private const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LoginRequest> _requests = [];
    private readonly Queue<string> _order = new();
    private readonly IdSource _ids;
    private readonly string _owner;
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LoginRequests(IdSource ids, string owner)
    {
        _ids = ids;
        _owner = owner;
    }

    /// <summary>Those that are not decided, oldest first.</summary>
    public IReadOnlyList<LoginRequest> Pending
    {
        get
        {
            lock (_gate) return [.. _order.Select(id => _requests[id]).Where(request => !request.Decision.IsCompleted)];
        }
    }

    /// <summary>Waits until there is one to decide, and gives the oldest.</summary>
    public async Task<LoginRequest> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            Task added;
            lock (_gate) added = _added.Task;
            if (Pending is [var request, ..]) return request;
            await added.WaitAsync(ct);
        }
    }

    internal LoginRequest Add(Uri baseAddress, MachinePublicKey machine, string hostname, IReadOnlyList<string> tags)
    {
        var id = _ids.Next(16);
        var request = new LoginRequest(id, new Uri(baseAddress, LoginPage.Path + id), machine, hostname, tags, _owner);
        TaskCompletionSource added;
        lock (_gate)
        {
            _requests.Add(id, request);
            _order.Enqueue(id);
            if (_order.Count > Capacity) _requests.Remove(_order.Dequeue());
            (added, _added) = (_added, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        added.SetResult();
        return request;
    }

    internal LoginRequest? Find(string id)
    {
        lock (_gate) return _requests.GetValueOrDefault(id);
    }

    /// <summary>The request behind a URL, if this machine made it.</summary>
    internal LoginRequest? Find(string url, MachinePublicKey machine) =>
        Find(url[(url.LastIndexOf('/') + 1)..]) is { } request && request.Machine == machine ? request : null;
}
