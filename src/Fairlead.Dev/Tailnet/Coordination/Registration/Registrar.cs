using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Dev.Tailnet.Coordination.Users;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Dev.Tailnet.Settings;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Coordination.Registration;

/// <summary>
/// Lets machines become nodes, stay nodes with new keys, and cease to be nodes. A machine is known by its machine key: one that
/// comes back for the same owner is the device it was.
/// </summary>
internal sealed class Registrar(
    DeviceRegistry devices,
    AuthKeyRegistry keys,
    PolicyFile policy,
    TailnetSettingsStore settings,
    UserDirectory users,
    LoginRequests logins,
    NodePresence presence,
    Func<Uri> baseAddress,
    string owner,
    TimeProvider time)
{
    private const string Provider = "embedded";

    /// <exception cref="ProtocolRefusal">The request is malformed.</exception>
    public async Task<RegisterResponse> RegisterAsync(MachinePublicKey machine, RegisterRequest request, CancellationToken ct)
    {
        if (request.Hostinfo is null) throw new ProtocolRefusal(400, "Hostinfo is required");
        if (request.NodeKey.IsZero) throw new ProtocolRefusal(400, "NodeKey is required");
        var current = devices.FindByNodeKey(request.NodeKey);
        if (current is not null && current.Node!.MachineKey != machine) return Refusal("node key belongs to another machine");
        if (request.Expiry != default && request.Expiry <= time.GetUtcNow()) return LogOut(current);
        if (current is not null && !IsExpired(current)) return Accepted(Renewed(current, request));

        if (request.Followup.Length > 0) return await FollowAsync(machine, request, ct);
        if (request.Auth is { AuthKey.Length: > 0 } auth) return JoinWithKey(machine, request, auth.AuthKey);
        if (request.Auth?.Oauth2Token is not null) return Refusal("OAuth tokens are not supported by the embedded control plane; use an auth key");
        if (current is not null) return new RegisterResponse { NodeKeyExpired = true };
        if (ReplacedBy(machine, request) is { } old) return Accepted(Renewed(old, request));
        return ToLoginPage(machine, request);
    }

    private static RegisterResponse Refusal(string error) => new() { Error = error };

    private bool IsExpired(TailnetDevice device) => device.IsExpiredAt(time.GetUtcNow());

    // A key that is still good may vouch for its successor.
    private TailnetDevice? ReplacedBy(MachinePublicKey machine, RegisterRequest request) =>
        !request.OldNodeKey.IsZero && devices.FindByNodeKey(request.OldNodeKey) is { } old && old.Node!.MachineKey == machine && !IsExpired(old)
            ? old
            : null;

    private RegisterResponse LogOut(TailnetDevice? device)
    {
        if (device is { Ephemeral: true }) devices.Remove(device.NodeId);
        else if (device is not null) devices.Expire(device.NodeId);
        return new RegisterResponse { NodeKeyExpired = true };
    }

    private RegisterResponse ToLoginPage(MachinePublicKey machine, RegisterRequest request)
    {
        var login = logins.Add(baseAddress(), machine, request.Hostinfo!.Hostname, request.Hostinfo.RequestTags);
        return new RegisterResponse { AuthURL = login.Url.AbsoluteUri };
    }

    private async Task<RegisterResponse> FollowAsync(MachinePublicKey machine, RegisterRequest request, CancellationToken ct)
    {
        if (logins.Find(request.Followup, machine) is not { } login) return ToLoginPage(machine, request);
        var decision = await login.Decision.WaitAsync(ct);
        if (decision.User is null) return Refusal(decision.Refusal);
        var user = users.GetOrAdd(decision.User);
        var tags = request.Hostinfo!.RequestTags;
        if (Forbidden(tags, new PolicyNode { User = user.LoginName, Addresses = [] }) is { } refusal) return refusal;
        var admission = new Admission(user.LoginName, tags) { Authorized = !settings.DevicesApprovalOn };
        return Accepted(Join(machine, request, admission, Known(machine, admission)?.NodeId ?? devices.NewNodeId()));
    }

    private RegisterResponse JoinWithKey(MachinePublicKey machine, RegisterRequest request, string secret)
    {
        if (keys.FindBySecret(secret) is not { } key) return Refusal("invalid key: API key does not exist");
        var user = key.User.Length == 0 ? owner : key.User;
        var wanted = request.Hostinfo!.RequestTags;
        if (Forbidden(wanted, new PolicyNode { User = user, Tags = key.Tags, Addresses = [] }) is { } refusal) return refusal;
        var admission = new Admission(user, wanted.Count == 0 ? key.Tags : wanted)
        {
            Authorized = key.Preauthorized || !settings.DevicesApprovalOn,
            Ephemeral = key.Ephemeral,
            KeyId = key.Id,
        };
        var nodeId = Known(machine, admission)?.NodeId ?? devices.NewNodeId();
        return keys.Use(secret, nodeId) is null
            ? Refusal("invalid key: API key is expired or used up")
            : Accepted(Join(machine, request, admission, nodeId));
    }

    private RegisterResponse? Forbidden(IReadOnlyList<string> tags, PolicyNode owner)
    {
        var rules = policy.Current.Rules;
        var refused = tags.Where(tag => !rules.MayGive(tag, owner)).ToList();
        return refused.Count == 0 ? null : Refusal($"requested tags [{string.Join(' ', refused)}] are invalid or not permitted");
    }

    private TailnetDevice? Known(MachinePublicKey machine, Admission admission) => devices.Snapshot().FirstOrDefault(device =>
        device.Node?.MachineKey == machine && device.IsTagged == admission.IsTagged && (device.IsTagged || device.User == admission.User));

    private TailnetDevice Join(MachinePublicKey machine, RegisterRequest request, Admission admission, string nodeId)
    {
        var joined = devices.Update(nodeId, Admit) ?? devices.Add(nodeId, request.Hostinfo!.Hostname, Admit);
        presence.Joined(nodeId);
        return joined;

        TailnetDevice Admit(TailnetDevice device) => Told(
            device with
            {
                Tags = admission.Tags,
                User = admission.IsTagged ? "" : admission.User,
                Authorized = admission.Authorized || (device.Node is not null && device.Authorized),
                Ephemeral = admission.Ephemeral || request.Ephemeral,
                // Node keys of tagged devices do not expire.
                KeyExpiry = admission.IsTagged ? null : time.GetUtcNow() + settings.KeyDuration,
                KeyId = admission.KeyId,
                Node = device.Node ?? new DeviceNode { MachineKey = machine, NodeKey = request.NodeKey, Hostinfo = request.Hostinfo! },
            },
            request);
    }

    private TailnetDevice Renewed(TailnetDevice device, RegisterRequest request) =>
        devices.Update(device.NodeId, known => Told(known, request)) ?? device;

    private static TailnetDevice Told(TailnetDevice device, RegisterRequest request) => device with
    {
        Hostname = request.Hostinfo!.Hostname,
        Node = device.Node! with
        {
            NodeKey = request.NodeKey,
            Hostinfo = request.Hostinfo.NetInfo is null ? request.Hostinfo with { NetInfo = device.Node.Hostinfo.NetInfo } : request.Hostinfo,
            CapabilityVersion = request.Version,
        },
    };

    private RegisterResponse Accepted(TailnetDevice device)
    {
        // A tagged device is its own owner toward itself, under its own name.
        var (id, name, created) = device.IsTagged
            ? (long.Parse(device.Id, System.Globalization.CultureInfo.InvariantCulture), device.Name, device.Created)
            : users.GetOrAdd(device.User) is var user ? (user.Id, user.LoginName, user.Created) : default;
        var display = name.Split('@', '.')[0];
        return new RegisterResponse
        {
            User = new User { ID = id, DisplayName = display, Created = created },
            Login = new Login { ID = id, Provider = Provider, LoginName = name, DisplayName = display },
            MachineAuthorized = device.Authorized,
        };
    }

    private sealed record Admission(string User, IReadOnlyList<string> Tags)
    {
        public bool IsTagged => Tags.Count > 0;

        public required bool Authorized { get; init; }

        public bool Ephemeral { get; init; }

        public string? KeyId { get; init; }
    }
}
