//! Open-loop load: RATE requests/s for DUR seconds; latency counts from the
//! scheduled send time, so a stall is charged to every request it delayed.
//! URL, RATE, DUR, HEADER (optional, one "Name: value" a line).
use anchors::{env, get_with_headers};
use axum::body::Body;
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client},
    rt::{TokioExecutor, TokioTimer},
};
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = env("URL", "");
    let rate: f64 = env("RATE", "2000").parse().unwrap();
    let dur: f64 = env("DUR", "5").parse().unwrap();
    let mut c = HttpConnector::new();
    c.set_nodelay(true);
    let c: Client<_, Body> = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(1024)
        .build(c);
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    let warm = 0.5;
    let n = ((dur + warm) * rate) as u64;
    // A plain thread paces the sends: the runtime's own timer is 1 ms coarse.
    let (ptx, mut prx) = tokio::sync::mpsc::unbounded_channel::<u64>();
    let t0 = Instant::now();
    std::thread::spawn(move || {
        for i in 0..n {
            let at = t0 + Duration::from_secs_f64(i as f64 / rate);
            if let Some(d) = at.checked_duration_since(Instant::now()) {
                std::thread::sleep(d);
            }
            if ptx.send(i).is_err() {
                break;
            }
        }
    });
    while let Some(i) = prx.recv().await {
        let at = t0 + Duration::from_secs_f64(i as f64 / rate);
        let keep = i as f64 / rate >= warm;
        let (c, tx, url) = (c.clone(), tx.clone(), url.clone());
        tokio::spawn(async move {
            let ok = match c.request(get_with_headers(url)).await {
                Ok(r) => {
                    let s = r.status().is_success();
                    axum::body::to_bytes(Body::new(r.into_body()), 1 << 24)
                        .await
                        .is_ok()
                        && s
                }
                Err(_) => false,
            };
            let _ = tx.send((keep, ok, at.elapsed().as_micros() as u64));
        });
    }
    drop(tx);
    let mut v = vec![];
    let mut bad = 0;
    while let Some((keep, ok, us)) = rx.recv().await {
        if !ok {
            bad += 1
        }
        if keep {
            v.push(us)
        }
    }
    v.sort();
    let p = |q: f64| v[((v.len() - 1) as f64 * q) as usize] as f64 / 1000.0;
    println!(
        "{{\"n\":{},\"bad\":{bad},\"p50\":{:.3},\"p99\":{:.3},\"p999\":{:.3},\"max\":{:.3}}}",
        v.len(),
        p(0.5),
        p(0.99),
        p(0.999),
        p(1.0)
    );
}
