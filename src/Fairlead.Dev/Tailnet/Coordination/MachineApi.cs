using System.Buffers;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Coordination.Dns;
using Fairlead.Dev.Tailnet.Coordination.Faults;
using Fairlead.Dev.Tailnet.Coordination.Health;
using Fairlead.Dev.Tailnet.Coordination.Identity;
using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Dev.Tailnet.Coordination.NodeCalls;
using Fairlead.Dev.Tailnet.Coordination.Registration;
using Fairlead.Dev.Tailnet.Coordination.Transport;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Features;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Control.Tokens;
using Fairlead.Tailnet.Protocol.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Tailnet.Coordination;

/// <summary>What nodes ask for inside their encrypted channel. Nothing of it can be reached from outside of one.</summary>
internal sealed class MachineApi(
    DeviceRegistry devices,
    Registrar registrar,
    MapService maps,
    NodeCaller caller,
    PublishedRecords records,
    HealthLedger health,
    IdentityTokenIssuer tokens,
    RequestFaults faults,
    TimeProvider time)
{
    // Hostinfo with its services and routes takes some KiB; nothing else comes near.
    private const int MaxBodyBytes = 1024 * 1024;

    public async Task ServeAsync(HttpContext context, MachineConnection connection)
    {
        try
        {
            await faults.ServeAsync(context, _ => RouteAsync(context, connection));
        }
        catch (ProtocolRefusal refusal)
        {
            await RefuseAsync(context, refusal.Status, refusal.Message);
        }
        catch (JsonException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is not what this request takes");
        }
    }

    private Task RouteAsync(HttpContext context, MachineConnection connection)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        if (path.StartsWith(NodeCaller.Path, StringComparison.Ordinal)) return AnswerCallAsync(context, connection, path[NodeCaller.Path.Length..]);
        return (request.Method, path) switch
        {
            ("POST", "/machine/register") => RegisterAsync(context, connection),
            ("POST", "/machine/map") => MapAsync(context, connection),
            ("POST", "/machine/set-dns") => SetDnsAsync(context, connection),
            ("POST", "/machine/id-token") => IssueTokenAsync(context, connection),
            ("POST", "/machine/feature/query") => AnswerAsync(context, new QueryFeatureResponse { Complete = true }),
            ("POST", "/machine/update-health") => TakeHealthAsync(context, connection),
            ("POST", "/machine/audit-log") or ("PATCH", "/machine/set-device-attr") => AcceptAsync(context),
            _ => throw new ProtocolRefusal(StatusCodes.Status404NotFound, $"{request.Method} {path} is not served here"),
        };
    }

    private async Task RegisterAsync(HttpContext context, MachineConnection connection)
    {
        var request = await ReadAsync<RegisterRequest>(context);
        await AnswerAsync(context, await registrar.RegisterAsync(connection.Machine, request, context.RequestAborted));
    }

    private async Task MapAsync(HttpContext context, MachineConnection connection)
    {
        var request = await ReadAsync<MapRequest>(context);
        await maps.ServeAsync(context, RequireNode(request.NodeKey, connection), request);
    }

    private async Task SetDnsAsync(HttpContext context, MachineConnection connection)
    {
        var request = await ReadAsync<SetDnsRequest>(context);
        var device = RequireNode(request.NodeKey, connection);
        records.Add(new PublishedRecord(device.NodeId, request.Name, request.Type, request.Value, time.GetUtcNow()));
        await AnswerAsync(context, new SetDnsResponse());
    }

    private async Task TakeHealthAsync(HttpContext context, MachineConnection connection)
    {
        var request = await ReadAsync<UpdateHealthRequest>(context);
        if (request.Subsys.Length == 0) throw new ProtocolRefusal(StatusCodes.Status400BadRequest, "Subsys is required");
        var device = RequireNode(request.NodeKey, connection);
        health.Take(new ReportedHealth(device.NodeId, request.Subsys, request.Error, time.GetUtcNow()));
    }

    private async Task IssueTokenAsync(HttpContext context, MachineConnection connection)
    {
        var request = await ReadAsync<TokenRequest>(context);
        if (request.Audience.Length == 0) throw new ProtocolRefusal(StatusCodes.Status400BadRequest, "Audience is required");
        var device = RequireNode(request.NodeKey, connection);
        await AnswerAsync(context, new TokenResponse { IDToken = tokens.Issue(device, request.Audience) });
    }

    // An answer, a ping's result or a bare HEAD: what was asked knows what it waits for.
    private async Task AnswerCallAsync(HttpContext context, MachineConnection connection, string token)
    {
        var body = await ReadBodyAsync(context);
        var nodes = devices.Snapshot().Where(device => device.Node?.MachineKey == connection.Machine).Select(device => device.NodeId).ToHashSet();
        if (!caller.Answer(token, nodes, body)) throw new ProtocolRefusal(StatusCodes.Status404NotFound, "nothing was asked here, or it was answered");
    }

    private static async Task AcceptAsync(HttpContext context)
    {
        await ReadBodyAsync(context);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{}", context.RequestAborted);
    }

    private TailnetDevice RequireNode(NodePublicKey key, MachineConnection connection) =>
        devices.FindByNodeKey(key) is { } device && device.Node!.MachineKey == connection.Machine
            ? device
            : throw new ProtocolRefusal(StatusCodes.Status404NotFound, "node not found");

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class => ControlJson.Deserialize<T>(await ReadBodyAsync(context));

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (await context.Request.Body.ReadAsync(buffer.GetMemory(4096), context.RequestAborted) is > 0 and var read)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > MaxBodyBytes) throw new ProtocolRefusal(StatusCodes.Status413PayloadTooLarge, "the body is too large");
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task AnswerAsync<T>(HttpContext context, T answer)
        where T : class
    {
        var json = ControlJson.Serialize(answer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted) return Task.CompletedTask;
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
