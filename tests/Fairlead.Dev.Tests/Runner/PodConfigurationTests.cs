using System.Text.Json.Nodes;
using Fairlead.Dev.Tests.Cluster.Server;
using Fairlead.Testing;

namespace Fairlead.Dev.Tests.Runner;

public sealed class PodConfigurationTests
{
    private const string Forever = "while :; do sleep 0.05; done";

    [Fact]
    public async Task Variables_come_from_fields_and_objects_and_refer_to_each_other()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        CreateMap(cluster, "m", "COLOUR", "red");
        cluster.Create("", "secrets", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"password":"hunter2"}}""");
        cluster.CreatePod(
            "p", $"echo \"$NAME $NS $UID $LABEL $NOTE $NODE $ACCOUNT $MAP_COLOUR $PASSWORD [$MISSING]\"; echo \"$JOINED $LITERAL $0\"; {Forever}",
            """
            {"envFrom":[{"prefix":"MAP_","configMapRef":{"name":"m"}},{"secretRef":{"name":"none","optional":true}}],"env":[
              {"name":"NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},
              {"name":"NS","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}},
              {"name":"UID","valueFrom":{"fieldRef":{"fieldPath":"metadata.uid"}}},
              {"name":"LABEL","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['app']"}}},
              {"name":"NOTE","valueFrom":{"fieldRef":{"fieldPath":"metadata.annotations['note']"}}},
              {"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}},
              {"name":"ACCOUNT","valueFrom":{"fieldRef":{"fieldPath":"spec.serviceAccountName"}}},
              {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
              {"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"s","key":"password"}}},
              {"name":"MISSING","valueFrom":{"secretKeyRef":{"name":"s","key":"other","optional":true}}},
              {"name":"JOINED","value":"$(IP):9002"},{"name":"LITERAL","value":"$$(IP) $(UNKNOWN)"}]}
            """);
        var pod = await cluster.ReadyAsync("p");
        var log = (await cluster.LogAsync("p", "sh\n")).Split('\n');
        Assert.Equal($"p default {pod["metadata"]!["uid"]} p hi fairlead-dev default red hunter2 []", log[0]);
        Assert.Equal($"{pod["status"]!["podIP"]}:9002 $(IP) $(UNKNOWN) /bin/sh", log[1]);
    }

    [Theory]
    [InlineData("{}", "default.svc.cluster.local svc.cluster.local cluster.local")]
    [InlineData("""{"dnsConfig":{"searches":["corp.example","cluster.local"]}}""", "default.svc.cluster.local svc.cluster.local cluster.local corp.example")]
    [InlineData("""{"dnsPolicy":"None","dnsConfig":{"nameservers":["192.0.2.1"],"searches":["corp.example"]}}""", "corp.example")]
    [InlineData("""{"dnsPolicy":"Default"}""", "none")]
    [InlineData("""{"hostNetwork":true}""", "none")]
    [InlineData("""{"hostNetwork":true,"dnsPolicy":"ClusterFirstWithHostNet"}""", "default.svc.cluster.local svc.cluster.local cluster.local")]
    public async Task Short_names_are_looked_up_in_the_domains_of_the_Pods_DNS_policy(string spec, string domains)
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod("p", $"echo \"[${{FAIRLEAD_CLUSTER_SEARCH:-none}}]\"; {Forever}", spec: spec);

        Assert.Contains($"[{domains}]\n", await cluster.LogAsync("p", "]\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_waits_for_the_Secret_its_variables_need()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod("p", Forever, """{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"late","key":"a"}}}]}""");
        await cluster.PodAsync("p", "waiting", p => RunnerCluster.Container(p)?["state"]!["waiting"] is { } waiting &&
            ((string?)waiting["reason"], (string?)waiting["message"]) == ("CreateContainerConfigError", "secret \"late\" not found"));
        cluster.Create("", "secrets", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"late"},"stringData":{"a":"b"}}""");
        await cluster.ReadyAsync("p");
    }

    [Fact]
    public async Task A_volume_follows_its_ConfigMap_in_one_step_and_waits_for_it_first()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod(
            "p",
            """
            cd $FAIRLEAD_POD_ROOT/etc/app; last=
            while :; do now="$(cat colour) $(readlink colour) $(ls | tr '\n' ' ')"; [ "$now" = "$last" ] || echo "$now"; last=$now; sleep 0.02; done
            """,
            """{"volumeMounts":[{"name":"c","mountPath":"/etc/app"},{"name":"c","mountPath":"/etc/one","subPath":"colour"}]}""",
            """{"volumes":[{"name":"c","configMap":{"name":"late"}}]}""");
        await cluster.PodAsync("p", "without its volume", p => p["status"]!["conditions"] is JsonArray all &&
            all.Any(c => (string?)c!["type"] == "PodReadyToStartContainers" && (string?)c["status"] == "False"));
        CreateMap(cluster, "late", "colour", "red");
        await cluster.LogAsync("p", "red ..data/colour colour \n");
        var map = cluster.Api.Get("", "configmaps", "default", "late")!;
        map["data"] = new JsonObject { ["colour"] = "blue", ["shape"] = "round" };
        cluster.Api.Update("", "configmaps", "default", map);

        // The script may look at the old colour and the new list, but comes to see the new state alone.
        Assert.Contains("red ..data/colour colour \n", await cluster.LogAsync("p", "blue ..data/colour colour shape \n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_talks_to_the_API_as_its_ServiceAccount()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod(
            "p",
            """
            d=$FAIRLEAD_POD_ROOT/var/run/secrets/kubernetes.io/serviceaccount
            curl -s --cacert $d/ca.crt -H "Authorization: Bearer $(cat $d/token)" -H 'Content-Type: application/json' \
              -d '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}' \
              https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/authentication.k8s.io/v1/selfsubjectreviews
            cat $d/namespace; echo; echo end
            """,
            spec: """{"restartPolicy":"Never"}""");
        var log = await cluster.LogAsync("p", "end\n");
        Assert.Contains("system:serviceaccount:default:default", log, StringComparison.Ordinal);
        Assert.Contains("authentication.kubernetes.io/pod-name", log, StringComparison.Ordinal);
        Assert.EndsWith("default\nend\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_decide_on_readiness_and_on_restarts()
    {
        var time = new ManualTime();
        await using var cluster = await RunnerCluster.StartAsync(time);
        cluster.CreatePod(
            "p", $"echo start; {Forever}",
            """
            {"volumeMounts":[{"name":"s","mountPath":"/s"}],
             "readinessProbe":{"exec":{"command":["sh","-c","test -e $FAIRLEAD_POD_ROOT/s/ready"]},"periodSeconds":1},
             "livenessProbe":{"exec":{"command":["sh","-c","test ! -e $FAIRLEAD_POD_ROOT/s/dead"]},"periodSeconds":1,"failureThreshold":2}}
            """,
            $$$"""{"volumes":[{"name":"s","hostPath":{"path":"{{{cluster.Folder}}}/host"}}]}""");
        await cluster.PodAsync("p", "running, not ready", p => RunnerCluster.Container(p)?["state"]!["running"] is not null && !RunnerCluster.IsReady(p));
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "host", "ready"), "", TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(cluster, time, "ready", RunnerCluster.IsReady);
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "host", "dead"), "", TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(cluster, time, "restarted", p => (int?)RunnerCluster.Container(p)?["restartCount"] > 0);
    }

    [Fact]
    public async Task Kubectl_reads_logs_and_runs_commands()
    {
        Assert.SkipUnless(Kubectl.Find("kubectl") is not null, "kubectl is not on PATH");
        await using var cluster = await RunnerCluster.StartAsync();
        var config = Path.Combine(cluster.Folder, "kubeconfig");
        await cluster.Cluster.WriteKubeconfigAsync(config, TestContext.Current.CancellationToken);
        cluster.CreatePod("p", $"echo one; echo two; echo three >&2; trap 'exit 0' TERM; {Forever}", """{"env":[{"name":"WHO","value":"me"}]}""");
        await cluster.ReadyAsync("p");
        await cluster.LogAsync("p", "three\n");
        var logs = await KubectlAsync(config, 0, "logs", "p");
        Assert.Equal(["one", "three", "two"], logs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Single((await KubectlAsync(config, 0, "logs", "p", "--tail=1", "-c", "main")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All((await KubectlAsync(config, 0, "logs", "p", "--timestamps", "--since=1h")).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^20.*Z [a-z]+$", line));
        Assert.Contains("previous terminated container", await KubectlAsync(config, 1, "logs", "p", "--previous"), StringComparison.Ordinal);

        Assert.Equal("hello me\n", await KubectlAsync(config, 0, "exec", "p", "--", "sh", "-c", "echo hello $WHO"));
        Assert.Contains("exit code 7", await KubectlAsync(config, 7, "exec", "p", "--", "sh", "-c", "exit 7"), StringComparison.Ordinal);
        Assert.Equal("ABC", await KubectlAsync(config, 0, "exec", "-i", "p", "--", "tr", "a-z", "A-Z"));

        // Follows until the end.
        using var follow = StartKubectl(config, "logs", "-f", "p");
        Assert.NotNull(await follow.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await KubectlAsync(config, 0, "delete", "pod", "p");
        await follow.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, follow.ExitCode);
    }

    private static System.Diagnostics.Process StartKubectl(string config, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Kubectl.Find("kubectl")!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = config;
        return System.Diagnostics.Process.Start(start)!;
    }

    private static async Task<string> KubectlAsync(string config, int exitCode, params string[] arguments)
    {
        using var process = StartKubectl(config, arguments);
        await process.StandardInput.WriteAsync("abc");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == exitCode, $"kubectl {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}{error}");
        return await output + error;
    }

    /// <summary>Lets seconds pass until the Pod is as wanted: probes run in the machine's time, and wait in the cluster's.</summary>
    private static async Task AdvanceUntilAsync(RunnerCluster cluster, ManualTime time, string what, Func<JsonObject, bool> condition)
    {
        var done = cluster.PodAsync("p", what, condition);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!done.IsCompleted && await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            time.Advance(TimeSpan.FromMilliseconds(250));
        await done;
    }

    private static void CreateMap(RunnerCluster cluster, string name, string key, string value) =>
        cluster.Create("", "configmaps", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = new JsonObject { [key] = value },
        });
}
