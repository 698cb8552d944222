using Fairlead.Dev.Tailnet.Coordination.Faults;
using Fairlead.Dev.Tailnet.Coordination.NodeCalls;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary><c>/machine/map</c>: what nodes tell of themselves, and what they are told of the tailnet.</summary>
internal sealed class MapService(
    DeviceRegistry devices,
    MapFeed feed,
    MapSessions sessions,
    NodePresence presence,
    ServicesPull services,
    MapFaults faults,
    EmbeddedTailnetOptions options)
{
    public async Task ServeAsync(HttpContext context, TailnetDevice device, MapRequest request)
    {
        var compression = CompressionOf(request);
        if (!request.ReadOnly && !(request.Stream && request.Version >= CapabilityVersion.ReadOnlyStreaming)) Apply(device.NodeId, request);
        if (!request.Stream)
        {
            if (!request.OmitPeers) await AnswerOnceAsync(context, device.NodeId, compression);
            return;
        }

        using var stream = new MapStream(device.NodeId, request, sessions, feed, compression, faults, options.Time);
        presence.Connected(stream);
        services.Review(device.NodeId);
        try
        {
            await stream.RunAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The node, or its connection, is gone.
        }
        finally
        {
            presence.Disconnected(stream);
        }
    }

    private async Task AnswerOnceAsync(HttpContext context, string nodeId, MapCompression compression)
    {
        var session = new MapSession(nodeId, options.TailnetName, options.DnsSuffix, options.Time);
        var view = feed.Current;
        if (view.Find(nodeId) is null || session.Next(view) is not { } message) throw new ProtocolRefusal(StatusCodes.Status404NotFound, "node not found");
        await context.Response.Body.WriteAsync(MapFrame.Encode(MapMessageWriter.Write(message), compression), context.RequestAborted);
    }

    private void Apply(string nodeId, MapRequest request)
    {
        devices.Update(nodeId, device =>
        {
            var node = device.Node!;
            var hostinfo = request.Hostinfo is { } told ? Merged(told, node.Hostinfo) : node.Hostinfo;
            var changed = node with
            {
                DiscoKey = request.DiscoKey.IsZero ? node.DiscoKey : request.DiscoKey,
                Endpoints = request.Endpoints.SequenceEqual(node.Endpoints) ? node.Endpoints : request.Endpoints,
                Hostinfo = hostinfo,
                CapabilityVersion = request.Version,
            };
            return device with { Node = changed, Hostname = hostinfo.Hostname.Length == 0 ? device.Hostname : hostinfo.Hostname };
        });
        services.Review(nodeId);
    }

    // An update without network findings is one from before they were made.
    private static Hostinfo Merged(Hostinfo told, Hostinfo known) => told.NetInfo is null ? told with { NetInfo = known.NetInfo } : told;

    private static MapCompression CompressionOf(MapRequest request) => request.Compress switch
    {
        "" => MapCompression.None,
        MapRequest.Zstd when ZstdCodec.IsAvailable => MapCompression.Zstd,
        MapRequest.Zstd => throw new ProtocolRefusal(StatusCodes.Status501NotImplemented, "libzstd is missing on the server; ask for uncompressed maps"),
        var other => throw new ProtocolRefusal(StatusCodes.Status400BadRequest, $"compression \"{other}\" is not known"),
    };
}
