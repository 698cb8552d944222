using System.Text.Json.Nodes;
using Fairlead.DevEnvironments;
using Fairlead.Tailnet.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A proxy that serves HTTP knows who asks, and tells the app.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ServedPodTests(TrafficFixture fixture)
{
    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_behind_a_proxy_that_serves_HTTP_learns_who_asks_and_from_which_address()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(_environment.Parts.Network.NodeAddress, 0));
        await using var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(
            $"{context.Request.Headers["Tailscale-User-Login"]} {context.Request.Headers["X-Forwarded-For"]}", context.RequestAborted));
        await app.StartAsync(Stop);
        CreateProxy("served", app.Urls.Single());
        var device = await TrafficEnvironment.PeerAsync(_environment.Laptop, "served");
        using var log = await PodLog.FollowAsync(_environment, "served");
        await log.LineAsync("Startup complete");
        var laptop = _environment.Laptop.Status.Addresses;
        var owner = _environment.Laptop.WhoIs(laptop[0])!.User!.LoginName;

        using var http = new HttpClient(_environment.Laptop.CreateHttpHandler());
        http.DefaultRequestHeaders.Host = "served";

        Assert.Equal($"{owner} {laptop[0]}", await http.GetStringAsync(new Uri($"http://{device.Addresses[0]}/"), Stop));
        Assert.Equal($"{owner} {laptop[1]}", await http.GetStringAsync(new Uri($"http://[{device.Addresses[1]}]/"), Stop));
    }

    /// <summary>A Pod as people write them who use upstream's image without the operator.</summary>
    private void CreateProxy(string name, string backend)
    {
        var parts = _environment.Parts;
        _environment.Api.Create("", "configmaps", TrafficEnvironment.ProxyNamespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = new JsonObject
            {
                ["serve.json"] = $$"""
                    {
                      "TCP": { "80": { "HTTP": true } },
                      "Web": { "{{name}}:80": { "Handlers": { "/": { "Proxy": "{{backend}}" } } } }
                    }
                    """,
            },
        });
        var variables = new Dictionary<string, string>
        {
            ["TS_AUTHKEY"] = parts.Tailnet.Keys.Create(["tag:k8s"], ephemeral: true).Secret!,
            ["TS_HOSTNAME"] = name,
            ["TS_EXTRA_ARGS"] = $"--login-server={parts.Settings.LoginServer}",
            ["TS_KUBE_SECRET"] = "",
            ["TS_SERVE_CONFIG"] = "/etc/serve/serve.json",
        };
        _environment.Api.Create("", "pods", TrafficEnvironment.ProxyNamespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["serviceAccountName"] = "proxies",
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "tailscale",
                    ["image"] = DevImages.UpstreamProxy,
                    ["env"] = new JsonArray([.. variables.Select(variable => new JsonObject { ["name"] = variable.Key, ["value"] = variable.Value })]),
                    ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "serve", ["mountPath"] = "/etc/serve" }),
                }),
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = "serve", ["configMap"] = new JsonObject { ["name"] = name } }),
            },
        });
    }
}
