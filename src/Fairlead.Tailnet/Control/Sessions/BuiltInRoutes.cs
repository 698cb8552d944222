using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Tailnet.Control.ControlToNode;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>What every node answers when the server asks.</summary>
internal static class BuiltInRoutes
{
    public static IEnumerable<ControlToNodeRoute> Of(ControlSession session) =>
    [
        Route(null, "/echo", request => new ControlToNodeResponse { Body = request.Body }),
        Route("GET", "/vip-services", _ => ControlToNodeResponse.Json(VipServices(session))),
        Route("GET", "/debug/netmap", _ => ControlToNodeResponse.Json(NetworkMapJson(session))),
        Route("GET", "/debug/health", _ => ControlToNodeResponse.Text(Health(session))),
        // The name is that of the program servers know; here it is threads.
        Route("GET", "/debug/goroutines", _ => ControlToNodeResponse.Text(Threads())),
    ];

    private static ControlToNodeRoute Route(string? method, string path, Func<ControlToNodeRequest, ControlToNodeResponse> handler) =>
        new(method, path, (request, _) => ValueTask.FromResult(handler(request)));

    private static byte[] VipServices(ControlSession session)
    {
        var services = session.Description.Services;
        return ControlJson.Serialize(new VipServicesResponse { VIPServices = services, ServicesHash = ServicesHash.Of(services) });
    }

    private static byte[] NetworkMapJson(ControlSession session)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("current"u8);
            if (session.Map is { } map)
            {
                writer.WriteRawValue(ControlJson.Serialize(new MapResponse
                {
                    Node = map.Self,
                    Peers = map.Peers,
                    DERPMap = map.DerpMap,
                    DNSConfig = map.Dns,
                    Domain = map.Domain,
                    PacketFilter = map.PacketFilter,
                    UserProfiles = [.. map.UserProfiles.Values],
                }));
            }
            else
            {
                writer.WriteNullValue();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Health(ControlSession session)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"state: {session.Status.State}\nconnected: {session.Status.IsConnected}\n");
        if (session.Status.Error.Length > 0) text.Append(CultureInfo.InvariantCulture, $"error: {session.Status.Error}\n");
        foreach (var (part, error) in session.Health) text.Append(CultureInfo.InvariantCulture, $"{part}: {error}\n");
        foreach (var message in session.Map is { } map ? HealthMessages.Of(map) : []) text.Append(CultureInfo.InvariantCulture, $"server: {message}\n");
        return text.ToString();
    }

    private static string Threads() => string.Create(
        CultureInfo.InvariantCulture,
        $"threads: {ThreadPool.ThreadCount}\nqueued: {ThreadPool.PendingWorkItemCount}\ncompleted: {ThreadPool.CompletedWorkItemCount}\n");
}
