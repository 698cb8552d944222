using Fairlead.Dev.Tests.Controllers;
using Fairlead.Testing;

namespace Fairlead.Dev.Tests.Runner;

public sealed class PodLifeTests
{
    private const string Forever = "while :; do sleep 0.05; done";

    [Fact]
    public async Task A_Pod_runs_as_a_process_with_an_address_of_its_own()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod("a", Forever);
        cluster.CreatePod("b", Forever);
        var (a, b) = (await cluster.ReadyAsync("a"), await cluster.ReadyAsync("b"));
        Assert.Equal("Running", (string?)a["status"]!["phase"]);
        Assert.Equal("fairlead-dev", (string?)a["spec"]!["nodeName"]);
        Assert.True(cluster.Network.PodRange.Contains(System.Net.IPAddress.Parse((string)a["status"]!["podIP"]!)));
        Assert.NotEqual((string?)a["status"]!["podIP"], (string?)b["status"]!["podIP"]);
        Assert.NotNull(RunnerCluster.Container(a)!["state"]!["running"]);
    }

    [Fact]
    public async Task A_Pod_that_succeeds_is_over_and_a_Job_sees_it()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.Create("batch", "jobs", """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"docker.io/library/sh:1.0","args":["-c","exit 0"]}]}}}}""");
        await cluster.Api.UntilAsync("batch", "jobs", "default", "completion", j => j[0]["status"]?["completionTime"] is not null);
        Assert.Equal("Succeeded", (string?)cluster.Api.List("", "pods", "default")[0]["status"]!["phase"]);
    }

    [Fact]
    public async Task A_failed_container_says_its_exit_code_and_its_last_words()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod("p", "echo bye > $FAIRLEAD_POD_ROOT/dev/termination-log; exit 3", spec: """{"restartPolicy":"Never"}""");
        var pod = await cluster.PodAsync("p", "failed", p => (string?)p["status"]!["phase"] == "Failed");
        var end = RunnerCluster.Container(pod)!["state"]!["terminated"]!;
        Assert.Equal((3, "Error", "bye\n"), ((int)end["exitCode"]!, (string?)end["reason"], (string?)end["message"]));
    }

    [Fact]
    public async Task A_container_that_fails_is_started_again_ever_later()
    {
        var time = new ManualTime();
        await using var cluster = await RunnerCluster.StartAsync(time);
        cluster.CreatePod("p", "exit 1");
        foreach (var (restarts, seconds) in ((int, int)[])[(1, 10), (2, 20), (3, 40)])
        {
            await cluster.PodAsync("p", $"waiting after {restarts} restarts", p =>
                (int?)RunnerCluster.Container(p)?["restartCount"] == restarts &&
                (string?)RunnerCluster.Container(p)!["state"]!["waiting"]?["reason"] == "CrashLoopBackOff" &&
                ((string?)RunnerCluster.Container(p)!["state"]!["waiting"]!["message"])!.StartsWith($"back-off {seconds}s ", StringComparison.Ordinal));
            time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(restarts, (int)RunnerCluster.Container(await cluster.PodAsync("p", "there", _ => true))!["restartCount"]!);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Init_containers_run_in_order_and_sidecars_beside_the_Pod()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod(
            "p", $"cat $FAIRLEAD_POD_ROOT/shared/log; {Forever}",
            """{"volumeMounts":[{"name":"s","mountPath":"/shared"}]}""",
            """
            {"volumes":[{"name":"s","emptyDir":{}}],"initContainers":[
              {"name":"one","image":"sh","args":["-c","echo one > $FAIRLEAD_POD_ROOT/shared/log"],"volumeMounts":[{"name":"s","mountPath":"/shared"}]},
              {"name":"side","image":"sh","restartPolicy":"Always","args":["-c","trap 'exit 0' TERM; while :; do sleep 0.05; done"]},
              {"name":"two","image":"sh","args":["-c","echo two >> $FAIRLEAD_POD_ROOT/shared/log"],"volumeMounts":[{"name":"s","mountPath":"/shared"}]}]}
            """);
        var pod = await cluster.ReadyAsync("p");
        var init = pod["status"]!["initContainerStatuses"]!.AsArray();
        Assert.Equal(["Completed", null, "Completed"], init.Select(c => (string?)c!["state"]!["terminated"]?["reason"]));
        Assert.NotNull(init[1]!["state"]!["running"]);
        Assert.Equal("one\ntwo\n", await cluster.LogAsync("p", "one\ntwo\n"));
    }

    [Fact]
    public async Task An_unknown_image_waits_and_says_what_to_do()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod("p", "", image: "registry.example.com:5000/strange:2");
        var pod = await cluster.PodAsync("p", "waiting", p => (string?)RunnerCluster.Container(p)?["state"]!["waiting"]?["reason"] == "ErrImagePull");
        Assert.Equal("Pending", (string?)pod["status"]!["phase"]);
        var message = (string)RunnerCluster.Container(pod)!["state"]!["waiting"]!["message"]!;
        Assert.Contains("registry.example.com:5000/strange:2", message, StringComparison.Ordinal);
        Assert.Contains("python, sh", message, StringComparison.Ordinal);

        // The image is the one thing of a Pod that may change.
        pod["spec"]!["containers"]![0]!["image"] = "sh";
        pod["metadata"]!.AsObject().Remove("resourceVersion");
        cluster.Api.Update("", "pods", "default", pod);
        await cluster.PodAsync("p", "started", p => (string?)RunnerCluster.Container(p)?["state"]!["waiting"]?["reason"] != "ErrImagePull");
    }

    [Fact]
    public async Task A_deleted_Pod_may_finish_its_work_and_is_killed_when_it_takes_too_long()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.CreatePod(
            "polite", $"trap 'cat $FAIRLEAD_POD_ROOT/shared/hook > {cluster.Folder}/said; exit 0' TERM; {Forever}",
            """{"volumeMounts":[{"name":"s","mountPath":"/shared"}],"lifecycle":{"preStop":{"exec":{"command":["sh","-c","echo hook ran > $FAIRLEAD_POD_ROOT/shared/hook"]}}}}""",
            """{"volumes":[{"name":"s","emptyDir":{}}]}""");
        cluster.CreatePod("stubborn", $"trap '' TERM; {Forever}", spec: """{"terminationGracePeriodSeconds":1}""");
        await cluster.ReadyAsync("polite");
        await cluster.ReadyAsync("stubborn");
        cluster.Api.Delete("", "pods", "default", "polite");
        cluster.Api.Delete("", "pods", "default", "stubborn");
        Assert.NotNull(cluster.Api.Get("", "pods", "default", "stubborn")!["metadata"]!["deletionTimestamp"]);
        await cluster.GoneAsync("polite");
        Assert.Equal("hook ran\n", await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "said"), TestContext.Current.CancellationToken));
        await cluster.GoneAsync("stubborn");
    }

    [Fact]
    public async Task A_StatefulSet_replaces_a_Pod_that_was_evicted()
    {
        await using var cluster = await RunnerCluster.StartAsync();
        cluster.Create("apps", "statefulsets", """{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"a"},"spec":{"serviceName":"svc","replicas":2,"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"sh","args":["-c","trap 'exit 0' TERM; while :; do sleep 0.05; done"]}]}}}}""");
        var before = await cluster.ReadyAsync("a-0");
        await cluster.ReadyAsync("a-1");
        using var http = Cluster.Server.TestCluster.Client(cluster.Cluster, cluster.Cluster.CreateUser("admin", "system:masters"));
        using var body = new StringContent("""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"a-0"}}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/v1/namespaces/default/pods/a-0/eviction", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)answer.StatusCode);
        await cluster.PodAsync("a-0", "another one", p => (string?)p["metadata"]!["uid"] != (string?)before["metadata"]!["uid"] && RunnerCluster.IsReady(p));
    }

    [Fact]
    public async Task No_process_outlives_the_runner()
    {
        string pid;
        await using (var cluster = await RunnerCluster.StartAsync())
        {
            cluster.CreatePod("p", $"(trap '' TERM; {Forever}) & echo $!; wait");
            pid = (await cluster.LogAsync("p", "\n")).Trim();
            Assert.True(Directory.Exists($"/proc/{pid}"));
        }

        Assert.False(Directory.Exists($"/proc/{pid}") && !(await File.ReadAllTextAsync($"/proc/{pid}/stat", TestContext.Current.CancellationToken)).Contains(") Z ", StringComparison.Ordinal));
    }
}
